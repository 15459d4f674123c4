import { KeeperError } from "./keeper-error.ts";

/** The configuration storage failed: `ERR_KSM_STORAGE_*`. */
export class StorageError extends KeeperError {
  override readonly name: string = "StorageError";
}
