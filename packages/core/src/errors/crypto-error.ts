import { KeeperError } from "./keeper-error.ts";

/** A key is malformed or a sealed value does not open: `ERR_KSM_CRYPTO_*`. */
export class CryptoError extends KeeperError {
  override readonly name = "CryptoError";
}
