/** Turns Node's Buffers into what this package gives out. */

/**
 * Returns a plain `Uint8Array` over the Buffer's memory when nothing else lives in it, else a copy. Ciphers,
 * hashes and signatures allocate memory of their own, so this is a view; a Buffer out of Node's shared pool
 * would show its neighbours through `.buffer`, and take them along when transferred.
 */
export function plainBytes(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.buffer.byteLength === bytes.length ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
}
