/** The one length that a symmetric key of this protocol has (ksm-protocol sections 1.1 and 8.3). */
import { keyError } from "./key-error.ts";

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
