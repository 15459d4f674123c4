import { KeeperError } from "./keeper-error.ts";

/** An option or argument is unusable: `ERR_KSM_ARGUMENT_INVALID`. */
export class ArgumentError extends KeeperError {
  override readonly name = "ArgumentError";
}
