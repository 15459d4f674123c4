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
  readonly state: ServerState;
  readonly owner: VaultOwner;
  readonly faults: FaultPlan;
  readonly log: RequestLog;
  readonly fetch: VaultFetch;
  readonly hostname: string;
  readonly oneTimeTokens: readonly string[];
  readonly caFile: string | undefined;
  readonly warnings: readonly string[];
  readonly release: () => Promise<void>;
}

/**
 * A running local vault. Dispose it, or call `close`, to end its listener and remove its files.
 *
 * It holds keys and tokens, so printing or serialising it shows only its address.
 */
export class Vault implements AsyncDisposable {
  /** Plays the vault's owner: seeds, shares, reads back. */
  readonly owner: VaultOwner;
  /** Faults for the requests to come. */
  readonly faults: FaultPlan;
  /** Reaches the vault without a socket. */
  readonly fetch: VaultFetch;
  /** Remarks about the seed that are worth showing. */
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
    redact(this, () => `Vault { hostname: ${parts.hostname} }`);
  }

  /** What KSM clients need. The server key is the one active now. */
  get ksm(): KsmFacts {
    const { state, hostname, oneTimeTokens, caFile } = this.#parts;
    const key = state.serverKeys.get(state.activeKeyId);
    return {
      hostname,
      oneTimeTokens,
      serverPublicKeyId: String(state.activeKeyId),
      serverPublicKey: encodeBase64Url(key?.publicKey ?? new Uint8Array()),
      caFile,
    };
  }

  /** Decoded requests, oldest first, the last 10 000; no keys and no sealed data. */
  get log(): readonly RequestLogEntry[] {
    return this.#parts.log.entries;
  }

  /** Makes one more one-time token. */
  newToken(options: TokenOptions = {}): Promise<string> {
    return this.owner.newToken(options);
  }

  /** Ends the listener, drops its connections and removes the certificate file. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#parts.release();
    return this.#closing;
  }

  /** The same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
