/** The checksums that key services return with their responses. */

/** CRC-32 of IEEE 802.3 and zip files, as an unsigned number. */
export function crc32(bytes: Uint8Array): number {
  return checksum(bytes, 0xedb88320);
}

/** CRC-32C (Castagnoli, RFC 3720 appendix B.4), as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  return checksum(bytes, 0x82f63b78);
}

/** @param polynomial reversed: the lowest bit is the highest power */
function checksum(bytes: Uint8Array, polynomial: number): number {
  let crc = 0xffffffff;
  // Bit by bit: the input has a few dozen bytes, so a table would cost more than it saves.
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (polynomial & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}
