/** The error of every malformed key. */
import { CryptoError } from "../errors/crypto-error.ts";

/** Makes a {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID`. The message must not hold any of the key's bytes. */
export function keyError(message: string, cause?: unknown): CryptoError {
  return new CryptoError("ERR_KSM_CRYPTO_KEY_INVALID", message, { cause });
}
