import type { CodedErrorOptions } from "@ksmkit/common";
import type { KeeperErrorCode } from "./codes.ts";
import { KeeperError } from "./keeper-error.ts";

/** A notation is malformed or matches nothing: `ERR_KSM_NOTATION_*`. */
export class NotationError extends KeeperError {
  override readonly name = "NotationError";
  /** The notation as given. It names records and fields, never their values. */
  readonly notation: string;
  /** Zero-based position in the decoded notation, when the fault has one. */
  readonly position: number | undefined;

  constructor(
    code: KeeperErrorCode,
    message: string,
    options: CodedErrorOptions & { notation: string; position?: number | undefined },
  ) {
    super(code, message, options);
    this.notation = options.notation;
    this.position = options.position;
  }
}
