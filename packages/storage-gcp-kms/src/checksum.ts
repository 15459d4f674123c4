/** CRC-32C (Castagnoli, RFC 3720 appendix B.4), which the service wants and gives with all bytes. */

/** Reversed polynomial. */
const polynomial = 0x82f63b78;

/** CRC-32C of the bytes, as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  // Bit by bit: what is summed here is a few dozen bytes, less than a table would cost.
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (polynomial & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}
