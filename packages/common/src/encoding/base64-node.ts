/** Base64 over Node's Buffer, made strict: Buffer skips what it does not know. */

// An import would read the whole namespace (docs/decisions/0004-bundled-output.md).
const { Buffer } = process.getBuiltinModule("node:buffer");

/**
 * Decodes the first `length` characters (no padding among them).
 *
 * Each character that Buffer skips costs six bits, so the output length shows whether any was skipped.
 * Non-ASCII characters are excluded first, because Buffer narrows them to one byte before looking.
 */
export function decodeBase64Alphabet(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  if (Buffer.byteLength(text) !== text.length) return null;
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== Math.floor((length * 3) / 4)) return null;
  // A plain view: `slice` of a Buffer shares memory, and it prints and compares differently.
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Encodes with the standard padded or the URL-safe unpadded alphabet. */
export function encodeBase64Alphabet(bytes: Uint8Array, urlSafe: boolean): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    urlSafe ? "base64url" : "base64",
  );
}
