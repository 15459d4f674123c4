/** Checks of keys, points and lengths that both providers make alike (ksm-protocol sections 1.1 and 8.3; SEC 1 v2, NIST SP 800-186). */
import { CryptoError, ArgumentError } from "../errors/errors.ts";

/** Makes a {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID`. The message must not hold any of the key's bytes. */
export function keyError(message: string, cause?: unknown): CryptoError {
  return new CryptoError("ERR_KSM_CRYPTO_KEY_INVALID", message, { cause });
}

/**
 * Checks that a symmetric key is exactly 32 bytes and returns it. Run it on every unwrapped key: AES itself
 * would go on with 16 or 24.
 *
 * @param name what the key is, for the message
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID`
 */
export function requireSymmetricKey<T extends Uint8Array>(key: T, name = "symmetric key"): T {
  if (key.length !== 32) throw keyError(`The ${name} must be 32 bytes, not ${key.length}.`);
  return key;
}

/**
 * Checks the length of a nonce or initialisation vector and returns it.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function requireLength(bytes: Uint8Array, length: number, name: string): Uint8Array {
  if (bytes.length !== length)
    throw new ArgumentError(`The ${name} must be ${length} bytes, not ${bytes.length}.`);
  return bytes;
}

/**
 * Checks what HKDF-SHA-256 can produce (RFC 5869 section 2.3: at most 255 blocks) and Node's limit of 1024
 * bytes of context.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function requireHkdfSizes(info: Uint8Array, length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > 255 * 32) {
    throw new ArgumentError("HKDF-SHA-256 makes 1 to 8160 bytes.");
  }
  if (info.length > 1024) throw new ArgumentError("HKDF context bytes are limited to 1024.");
}

/** The order of the base point, most significant word first. */
const order = [0xffffffff, 0, 0xffffffff, 0xffffffff, 0xbce6faad, 0xa7179e84, 0xf3b9cac2, 0xfc632551];

/**
 * Checks that a private scalar is 32 bytes and between 1 and the curve order less one. Every word is looked
 * at, so that the time taken does not show where they differ.
 *
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID`
 */
export function requireScalar(scalar: Uint8Array): void {
  if (scalar.length !== 32) throw keyError(`A P-256 private scalar must be 32 bytes, not ${scalar.length}.`);
  const words = new DataView(scalar.buffer, scalar.byteOffset, 32);
  let bits = 0;
  let borrow = 0;
  for (let i = 7; i >= 0; i--) {
    const word = words.getUint32(4 * i);
    bits |= word;
    borrow = Number(word - (order[i] ?? 0) < borrow);
  }
  if (bits === 0 || borrow === 0) {
    throw keyError(`The P-256 private scalar is ${bits === 0 ? "zero" : "not below the curve order"}.`);
  }
}

/**
 * Checks the form of a public point: 65 bytes, uncompressed (ksm-protocol section 6.3). Whether it lies on
 * the curve is the platform's to say.
 *
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID`
 */
export function requireUncompressedPoint(point: Uint8Array): void {
  if (point.length !== 65) throw keyError(`A P-256 public point must be 65 bytes, not ${point.length}.`);
  if (point[0] !== 4) throw keyError("The P-256 public point is not uncompressed: its first byte is not 4.");
}
