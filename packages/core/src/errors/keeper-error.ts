import { CodedError } from "@ksmkit/common";
import type { KeeperErrorCode } from "./codes.ts";

/** Base of every error thrown by `@ksmkit/core`. Switch on {@link KeeperError.code}. */
export class KeeperError extends CodedError<KeeperErrorCode> {
  override readonly name: string = "KeeperError";
}
