import type { CodedErrorOptions } from "@ksmkit/common";
import type { KeeperErrorCode } from "./codes.ts";
import { KeeperError } from "./keeper-error.ts";

/**
 * A record, folder, field or file is missing, ambiguous, broken or read-only: `ERR_KSM_RECORD_*`,
 * `ERR_KSM_FOLDER_*`, `ERR_KSM_FIELD_*`, `ERR_KSM_FILE_*`, `ERR_KSM_READ_ONLY`.
 */
export class RecordError extends KeeperError {
  override readonly name = "RecordError";
  /** Uid of the record concerned, when it is known. */
  readonly recordUid: string | undefined;
  /** Uid of the folder concerned, when it is known. */
  readonly folderUid: string | undefined;
  /** Uid of the file concerned, when it is known. */
  readonly fileUid: string | undefined;

  constructor(
    code: KeeperErrorCode,
    message: string,
    options: CodedErrorOptions & {
      recordUid?: string | undefined;
      folderUid?: string | undefined;
      fileUid?: string | undefined;
    } = {},
  ) {
    super(code, message, options);
    this.recordUid = options.recordUid;
    this.folderUid = options.folderUid;
    this.fileUid = options.fileUid;
  }
}
