import { KeeperError } from "./keeper-error.ts";

/** The one-time token is unusable: `ERR_KSM_TOKEN_*`. The message never quotes the token. */
export class TokenError extends KeeperError {
  override readonly name = "TokenError";
}
