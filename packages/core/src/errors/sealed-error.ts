import type { KeeperErrorCode } from "./codes.ts";
import { StorageError } from "./storage-error.ts";

/** The codes of a {@link SealedError}. */
export type SealedErrorCode = KeeperErrorCode & `ERR_KSM_SEALED_${string}`;

/** The stored bytes are no sealed configuration that opens: `ERR_KSM_SEALED_*`. They are left as they are. */
export class SealedError extends StorageError {
  override readonly name: string = "SealedError";
  declare readonly code: SealedErrorCode;

  constructor(code: SealedErrorCode, message: string, cause?: unknown) {
    super(code, message, { cause });
  }
}
