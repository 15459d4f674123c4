import { KeeperError } from "./keeper-error.ts";

/** A secret was used after it was dropped: `ERR_KSM_SECRET_DISPOSED`. */
export class SecretError extends KeeperError {
  override readonly name = "SecretError";
}
