/** The running vault as its users see it. */
import { encodeBase64Url, redact } from "@ksmkit/common";
import { VaultError } from "./errors/vault-error.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import type { TokenOptions } from "./owner/seal.ts";
import type { VaultOwner } from "./owner/vault-owner.ts";
import type { VaultFetch } from "./server/fetch-handler.ts";
import type { RequestLog, RequestLogEntry } from "./vault/request-log.ts";
import type { ServerState } from "./vault/state.ts";

/** What a KSM client needs to reach and bind to the vault: the `ksm` part of the ready line. */
export interface KsmFacts {
  /** Host with port, for a client's host option. */
  readonly hostname: string;
  /** Bare one-time tokens, each good for one client. */
  readonly oneTimeTokens: readonly string[];
  /** Id of the vault's own server key. */
  readonly serverPublicKeyId: string;
  /** The vault's own server key, base64url of the 65-byte point. */
  readonly serverPublicKey: string;
  /** PEM file with the authority to trust; `undefined` without a listener. */
  readonly caFile: string | undefined;
}

/** What a vault is assembled from. @internal */
export interface VaultParts {
  readonly owner: VaultOwner;
  readonly faults: FaultPlan;
  readonly log: RequestLog;
  readonly fetch: VaultFetch;
  /** What clients need, with the server key that is active when it is called. */
  readonly facts: () => KsmFacts;
  readonly console: { readonly url: string; readonly tokenFile: string } | undefined;
  readonly warnings: readonly string[];
  readonly release: () => Promise<void>;
}

/**
 * A running local vault. Dispose it, or call `close`, to end its listeners and remove its files.
 *
 * It holds keys and tokens, so printing or serialising it shows only its address.
 */
export class Vault implements AsyncDisposable {
  /** Acts as the vault's owner: seeds, shares, reads back. */
  readonly owner: VaultOwner;
  /** Faults for the requests to come. */
  readonly faults: FaultPlan;
  /** Reaches the vault without a socket. */
  readonly fetch: VaultFetch;
  /** Remarks about the options and the seed that are worth showing. */
  readonly warnings: readonly string[];
  readonly #parts: VaultParts;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(parts: VaultParts) {
    this.#parts = parts;
    this.owner = parts.owner;
    this.faults = parts.faults;
    this.warnings = parts.warnings;
    this.fetch = (url, init) => {
      if (this.#closing === undefined) return parts.fetch(url, init);
      return Promise.reject(new VaultError("ERR_VAULT_CLOSED", "The vault is closed"));
    };
    redact(this, () => `Vault { hostname: ${parts.facts().hostname} }`);
  }

  /** What KSM clients need. The server key is the one active now. */
  get ksm(): KsmFacts {
    return this.#parts.facts();
  }

  /** Address of the console page; `undefined` without the option `console`. */
  get console(): string | undefined {
    return this.#parts.console?.url;
  }

  /** Private file with the token that the console requires for changes. */
  get consoleTokenFile(): string | undefined {
    return this.#parts.console?.tokenFile;
  }

  /** Decoded requests, oldest first, the last 10 000; no keys and no sealed data. */
  get log(): readonly RequestLogEntry[] {
    return this.#parts.log.entries;
  }

  /** Makes one more one-time token. */
  newToken(options: TokenOptions = {}): Promise<string> {
    return this.owner.newToken(options);
  }

  /** Ends listener and console, drops their connections and removes their files. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#parts.release();
    return this.#closing;
  }

  /** The same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The server key that clients must use now. @internal */
export function activeServerKey({
  serverKeys,
  activeKeyId,
}: ServerState): Pick<KsmFacts, "serverPublicKeyId" | "serverPublicKey"> {
  const key = serverKeys.get(activeKeyId);
  return {
    serverPublicKeyId: String(activeKeyId),
    serverPublicKey: encodeBase64Url(key?.publicKey ?? new Uint8Array()),
  };
}
