import { KeeperError } from "./keeper-error.ts";

/** The caller's signal ended the call: `ERR_KSM_ABORTED`. */
export class AbortedError extends KeeperError {
  override readonly name = "AbortedError";
}
