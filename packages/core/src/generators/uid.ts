/** Uids of records, folders and files: 16 random bytes as base64url (ksm-protocol section 14). */
import { encodeBase64Url, platformRandom, type Random } from "@ksmkit/common";

/** Where randomness comes from. */
export interface RandomOptions {
  /** Source of random bytes. Default: the platform's cryptographic generator. */
  random?: Random | undefined;
}

/** True for the text form of a uid: 22 characters of the URL-safe base64 alphabet. */
export function isUid(text: string): boolean {
  return /^[A-Za-z0-9_-]{22}$/.test(text);
}

/**
 * Generates a uid that starts with neither `-` nor `_`, so that command lines take it for a value and not for an
 * option.
 *
 * @example
 * ```ts
 * generateUid(); // "V1StGXR8Z5jdHi6BmyTw3A"
 * ```
 */
export function generateUid(options: RandomOptions = {}): string {
  const random = options.random ?? platformRandom;
  let bytes = random(16);
  for (let draws = 1; draws < 8 && startsHigh(bytes); draws++) bytes = random(16);
  // A source that keeps doing this is no source; clearing the top bit ends it either way.
  if (startsHigh(bytes)) bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return encodeBase64Url(bytes);
}

/** True when the top five bits are all ones, which is what makes the first character `-` or `_`. */
function startsHigh(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0xf8) === 0xf8;
}
