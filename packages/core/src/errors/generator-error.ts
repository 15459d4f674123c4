import { KeeperError } from "./keeper-error.ts";

/** A one-time password URI or password rule is unusable: `ERR_KSM_TOTP_INVALID`, `ERR_KSM_PASSWORD_RULES_INVALID`. */
export class GeneratorError extends KeeperError {
  override readonly name = "GeneratorError";
}
