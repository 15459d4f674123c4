/** Byte arrays and UTF-8. */

import { utf8Text as decodeUtf8 } from "#utf8";

const encoder = /* @__PURE__ */ new TextEncoder();

/** Encodes text as UTF-8. */
export function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Decodes UTF-8; a byte that is not UTF-8 becomes U+FFFD. A byte order mark is kept. */
export const utf8Text: (bytes: Uint8Array) => string = decodeUtf8;

/** Joins byte arrays into a new one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** True when both hold the same bytes. Not constant time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Releases memory that is no longer needed; the bytes are gone. Left to the garbage collector, the chunks of
 * a long stream pile up by the tens of megabytes. Does nothing for bytes that share their buffer, and where the
 * platform cannot (Node < 21).
 */
export function releaseBytes({ buffer, length }: Uint8Array): void {
  const owner: { transfer?: (length: number) => unknown; byteLength: number } = buffer;
  if (length > 0 && length === owner.byteLength) owner.transfer?.(0);
}
