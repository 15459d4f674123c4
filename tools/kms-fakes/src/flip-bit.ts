/** Damage for answers: one bit, in the middle. */

/** A copy with one bit changed. */
export function flipBit(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

/** The same for bytes written in base64. */
export function flipBase64Bit(text: string): string {
  return flipBit(Buffer.from(text, "base64")).toString("base64");
}
