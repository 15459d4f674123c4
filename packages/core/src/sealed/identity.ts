/**
 * Which client and host a configuration names. A key that anyone can encrypt with, such as the public half of an RSA
 * key, keeps the content secret but does not show who wrote it, so the identity is compared as well.
 */
import { decodeBase64, equalBytes, isJsonObject } from "@ksmkit/common";
import { optionalValue } from "../config/config-values.ts";
import { isHost, namedIdentity, type NamedIdentity } from "../config/identity.ts";
import type { ConfigValues } from "../config/storage.ts";
import { ArgumentError, SealedError } from "../errors/errors.ts";

/** The identity that a configuration must have; what is left out may be anything. */
export interface ExpectedIdentity {
  /** Base64 of 64 bytes, as in the configuration. */
  readonly clientId?: string | undefined;
  /** Region code, `host` or `host:port`, for example `keepersecurity.eu`. */
  readonly hostname?: string | undefined;
}

/** Compares configurations with the expected identity, and with the one that was opened or saved before. */
export class IdentityGuard {
  readonly #expected: ExpectedIdentity;
  #known: NamedIdentity = { clientId: undefined, hostname: undefined };

  constructor(expected: ExpectedIdentity = {}) {
    this.#expected = expected;
  }

  /**
   * Refuses a stored configuration of another identity; remembers an accepted one.
   *
   * @throws {@link SealedError} `ERR_KSM_SEALED_OTHER_IDENTITY`; the message quotes no value
   */
  async accept(values: ConfigValues): Promise<void> {
    const found = await namedIdentity(values);
    const other = await this.#unexpected(values, found);
    if (other !== undefined) throw otherIdentity(`It names another ${other} than option expect`);
    const changed = differs(found, this.#known, isUsable(values));
    if (changed !== undefined)
      throw otherIdentity(
        `It names another ${changed} than before, so it was replaced while in use. If that was intended, create a new storage`,
      );
    this.#known = {
      clientId: found.clientId ?? this.#known.clientId,
      hostname: found.hostname ?? this.#known.hostname,
    };
  }

  /**
   * Refuses to save what option `expect` would refuse on opening. A change of identity is allowed otherwise.
   *
   * @throws {@link SealedError} `ERR_KSM_SEALED_OTHER_IDENTITY`
   */
  async checkSave(values: ConfigValues): Promise<void> {
    const other = await this.#unexpected(values, await namedIdentity(values));
    if (other !== undefined)
      throw otherIdentity(
        `Cannot save a configuration that names another ${other} than option expect. Nothing was written.`,
      );
  }

  /** Remembers the identity that this storage has saved itself. */
  async adopt(values: ConfigValues): Promise<void> {
    this.#known = await namedIdentity(values);
  }

  /** Drops the remembered identity, for a storage whose content was removed by its owner. */
  forget(): void {
    this.#known = { clientId: undefined, hostname: undefined };
  }

  async #unexpected(values: ConfigValues, found: NamedIdentity): Promise<"client" | "host" | undefined> {
    const { clientId = "", hostname = "" } = this.#expected;
    return differs(found, await namedIdentity({ clientId, hostname }), isUsable(values));
  }
}

/**
 * Checks the option `expect`.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function checkExpect(expect: unknown): void {
  if (expect === undefined) return;
  if (!isJsonObject(expect))
    throw new ArgumentError("Option expect must be an object with clientId or hostname.");
  for (const key of Object.keys(expect))
    if (key !== "clientId" && key !== "hostname")
      throw new ArgumentError("Option expect has the keys clientId and hostname only.");
  const { clientId, hostname } = expect;
  if (clientId !== undefined && (typeof clientId !== "string" || decodeBase64(clientId)?.length !== 64))
    throw new ArgumentError("Option expect.clientId must be base64 of 64 bytes.");
  if (hostname !== undefined && (typeof hostname !== "string" || !isHost(hostname)))
    throw new ArgumentError("Option expect.hostname must be a region code, a host or host:port.");
}

/** Whether a client could make calls with it; a configuration that only names a host is the start of one. */
function isUsable(values: ConfigValues): boolean {
  return (["privateKey", "appKey", "clientKey"] as const).some(
    (key) => optionalValue(values, key) !== undefined,
  );
}

/** What differs from the identity that is wanted; in a usable configuration, also what is missing. */
function differs(
  found: NamedIdentity,
  wanted: NamedIdentity,
  usable: boolean,
): "client" | "host" | undefined {
  const isOther = (
    value: string | undefined,
    other: string | undefined,
    same: (a: string, b: string) => boolean,
  ): boolean => other !== undefined && (value === undefined ? usable : !same(value, other));
  if (isOther(found.clientId, wanted.clientId, sameClient)) return "client";
  return isOther(found.hostname, wanted.hostname, (a, b) => a === b) ? "host" : undefined;
}

/** Base64 in either alphabet, with padding or without. */
function sameClient(a: string, b: string): boolean {
  const [first, second] = [decodeBase64(a), decodeBase64(b)];
  return first === null || second === null ? a === b : equalBytes(first, second);
}

function otherIdentity(message: string): SealedError {
  return new SealedError("ERR_KSM_SEALED_OTHER_IDENTITY", message);
}
