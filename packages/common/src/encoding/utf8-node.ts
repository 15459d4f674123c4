/** UTF-8 over Node's Buffer: several times faster than TextDecoder on texts of a few hundred bytes. */

const { Buffer } = process.getBuiltinModule("node:buffer");

/** Decodes UTF-8; a byte that is not UTF-8 becomes U+FFFD. A byte order mark is kept. */
export function utf8Text(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("utf8");
}
