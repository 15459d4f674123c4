/** The checksums that key services give with their answers. */

/** Reversed polynomial of CRC-32 as in IEEE 802.3 and zip files. */
export const ieee = 0xedb88320;
/** Reversed polynomial of CRC-32C (Castagnoli, RFC 3720 appendix B.4). */
export const castagnoli = 0x82f63b78;

/**
 * CRC-32 of the bytes, as an unsigned number.
 *
 * @param polynomial {@link ieee} or {@link castagnoli}
 */
export function crc32(bytes: Uint8Array, polynomial: number): number {
  let crc = 0xffffffff;
  // Bit by bit: what is summed is a few dozen bytes, less than a table would cost.
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (polynomial & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}
