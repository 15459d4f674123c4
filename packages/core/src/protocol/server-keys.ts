/** Public keys of the service: the built-in table and custom ones (ksm-protocol section 6). */
import { decodeBase64, stripWhitespace } from "@ksmkit/common";
import { provider } from "#crypto";
import { CryptoError, type KeeperError } from "../errors/errors.ts";

/** A public key of the service and the id that the request names it by. */
export interface ServerKey {
  /** Decimal id, sent as `PublicKeyId`. */
  readonly id: string;
  /** Uncompressed P-256 point, 65 bytes. */
  readonly point: Uint8Array<ArrayBuffer>;
  /** True for a key from options, token or configuration: the service may not ask for another one. */
  readonly custom: boolean;
}

/** A server key as text, as options and configurations hold it. */
export interface ServerKeyText {
  /** Custom public key: base64 of a 65-byte uncompressed P-256 point. Default: the built-in table. */
  serverPublicKey?: string | undefined;
  /** Decimal id of the key. Default: {@link defaultServerKeyId}. */
  serverPublicKeyId?: string | undefined;
}

/** Makes the error for a malformed server key; the caller knows whether option, token or configuration is at fault. */
export type RefuseServerKey = (reason: string) => KeeperError;

/** Id used when the configuration names none. */
export const defaultServerKeyId = "10";

/**
 * The built-in keys by id (section 6.1), as compressed points: half the length in every bundle. A test holds
 * them against the published form.
 */
const points = {
  7: "A69w6TZFxE6nFNbMfIpULCup2a8xc6w2tUTABjxny7yF",
  8: "Aqnhy0obglZJK-igwthNLdknoSXRrGB-mvFRzyb_L-DK",
  9: "AgsPQdCpLIGXdWNLdAwx-3J5lNqUtKbaOMV56hUj8Vzx",
  10: "AtYIh_Sv03nRZUUJveE8d2mxKLIDXv654UbshaItHrCJ",
  11: "Aw6uNfeYSvqagwu4TOY6wFK4JyU5C200vJna0lH4PJ-S",
  12: "AsjTIlXfohI8TDymsHxo0DqYysCy7yZGJ80WhgOBR4QU",
  13: "ApBDU1P1H21IwIdT2brKkPqbQR0Zl0TIHf7Bz_OO9jaN",
  14: "A5FF8j-dH7pDEw_U347w2CBM6xYM8Dk5fPPAktjib-op",
  15: "AzKyWBvLbyZ-jMueORl3JwJnnEpCiZdN7yUvT0vOyjwp",
  16: "AzXyZZnrl0tc2jdC5I61JjwkjK2kr7uet9tZjt8StTiJ",
  17: "A1X68cb97m9_sweGdOVavFM3j5ot6gveg6xT4BtGahfG",
  18: "AthngQqTT1bPKxGuB6FhbPTAeNVFl8PKGGSGo5W06xWI",
} as const;

/**
 * Finds a built-in key. Ids 1 to 6 are old names of key 7 and lead to key 7 under its own id.
 *
 * @returns `undefined` for any other id
 */
export function serverKeyFor(id: string): ServerKey | undefined {
  if (/^[1-6]$/.test(id)) return builtIn("7");
  return isBuiltIn(id) ? builtIn(id) : undefined;
}

/** The key used when the configuration names none, or one that this version does not know. */
export function defaultServerKey(): ServerKey {
  return builtIn(defaultServerKeyId);
}

function isBuiltIn(id: string): id is `${keyof typeof points}` {
  return Object.hasOwn(points, id);
}

function builtIn(id: `${keyof typeof points}`): ServerKey {
  const compressed = decodeBase64(points[id]) ?? new Uint8Array();
  return { id, point: provider.expandPoint(compressed), custom: false };
}

/** True for a positive decimal number without leading zeros. */
export function isServerKeyId(id: string): boolean {
  return typeof id === "string" && /^[1-9][0-9]{0,9}$/.test(id);
}

/**
 * Checks a custom server key fully: base64 of either alphabet, 65 bytes, uncompressed, on the curve, and
 * an id that is a positive integer (section 6.3).
 *
 * @param id Default: {@link defaultServerKeyId}
 * @throws what `refuse` makes; the reason never quotes the key
 */
export async function customServerKey(
  text: string,
  id: string | undefined,
  refuse: RefuseServerKey,
): Promise<ServerKey> {
  const keyId = id ?? defaultServerKeyId;
  if (!isServerKeyId(keyId)) throw refuse("the server public key id must be a positive integer");
  const point = typeof text === "string" ? decodeBase64(stripWhitespace(text)) : null;
  if (point === null) throw refuse("the server public key is not base64");
  if (point.length !== 65 || point[0] !== 4 || !(await isOnCurve(point))) {
    throw refuse("the server public key must be a 65-byte uncompressed P-256 point");
  }
  return { id: keyId, point, custom: true };
}

async function isOnCurve(point: Uint8Array): Promise<boolean> {
  try {
    await provider.importPoint(point);
    return true;
  } catch (error) {
    if (error instanceof CryptoError) return false;
    throw error;
  }
}
