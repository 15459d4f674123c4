import type { KeeperErrorCode } from "./codes.ts";
import { StorageError } from "./storage-error.ts";

/** The stored bytes are no sealed configuration that opens: `ERR_KSM_SEALED_*`. They are left as they are. */
export class SealedError extends StorageError {
  override readonly name: string = "SealedError";

  // Narrowed so that a code of another area cannot slip in.
  constructor(code: KeeperErrorCode & `ERR_KSM_SEALED_${string}`, message: string, cause?: unknown) {
    super(code, message, { cause });
  }
}
