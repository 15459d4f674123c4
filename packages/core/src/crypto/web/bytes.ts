/** Byte arrays that WebCrypto takes. */

/** Returns the bytes as they are, or a copy when their memory is shared between threads, which WebCrypto refuses. */
export function unsharedBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return isUnshared(bytes) ? bytes : new Uint8Array(bytes);
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}
