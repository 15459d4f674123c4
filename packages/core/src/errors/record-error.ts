import type { CodedErrorOptions } from "@ksmkit/common";
import type { KeeperErrorCode } from "./codes.ts";
import { KeeperError } from "./keeper-error.ts";

/** A record, field or file is missing, ambiguous or broken: `ERR_KSM_RECORD_*`, `ERR_KSM_FIELD_*`, `ERR_KSM_FILE_*`. */
export class RecordError extends KeeperError {
  override readonly name = "RecordError";
  /** Uid of the record concerned, when it is known. */
  readonly recordUid: string | undefined;

  constructor(
    code: KeeperErrorCode,
    message: string,
    options: CodedErrorOptions & { recordUid?: string | undefined } = {},
  ) {
    super(code, message, options);
    this.recordUid = options.recordUid;
  }
}
