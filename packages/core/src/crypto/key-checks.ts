/** Checks of keys and lengths that both providers make alike (ksm-protocol sections 1.1 and 8.3). */
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
  if (bytes.length !== length) throw invalid(`The ${name} must be ${length} bytes, not ${bytes.length}.`);
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
    throw invalid("HKDF-SHA-256 makes 1 to 8160 bytes.");
  }
  if (info.length > 1024) throw invalid("HKDF context bytes are limited to 1024.");
}

function invalid(message: string): ArgumentError {
  return new ArgumentError("ERR_KSM_ARGUMENT_INVALID", message);
}
