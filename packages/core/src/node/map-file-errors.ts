/** Failures of files as failures of the storage that lies in them. */
import { FileError, type FileErrorKind } from "@ksmkit/common/files";
import { StorageError } from "../errors/errors.ts";

const codes = {
  unreadable: "ERR_KSM_STORAGE_UNREADABLE",
  unwritable: "ERR_KSM_STORAGE_UNWRITABLE",
  locked: "ERR_KSM_STORAGE_UNWRITABLE",
  conflict: "ERR_KSM_STORAGE_CONFLICT",
  permissions: "ERR_KSM_STORAGE_PERMISSIONS",
} as const satisfies Record<FileErrorKind, string>;

/** Waits for work on a file; a {@link FileError} becomes a {@link StorageError} of the same message and cause. */
export async function mapFileErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { kind, message, retryable, cause } = error;
    throw new StorageError(codes[kind], message, { retryable, cause });
  }
}
