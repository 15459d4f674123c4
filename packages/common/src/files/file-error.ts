/** The one error of everything that this entry does with files. */
import { CodedError, type CodedErrorOptions } from "../errors/coded-error.ts";

/**
 * What went wrong:
 * - `unreadable` the file cannot be read, is too large, or is a directory, pipe or device
 * - `unwritable` the file, or a temp file beside it, cannot be written or replaced
 * - `locked` other writers held the lock for the whole time limit; the same call may succeed later
 * - `conflict` another writer changed the file during the write
 * - `permissions` other users can read or replace the file, and that cannot be changed
 */
export type FileErrorKind = "unreadable" | "unwritable" | "locked" | "conflict" | "permissions";

/** Code of a {@link FileError}: its kind in capitals. */
export type FileErrorCode = `ERR_FILE_${Uppercase<FileErrorKind>}`;

/**
 * A file could not be read or written. The message names the path and the system's error code, never content.
 *
 * Packages that build on this entry map it to errors of their own, by `kind`.
 *
 * @example
 * ```ts
 * try { await writePrivateFile(path, bytes); }
 * catch (error) { if (error instanceof FileError && error.kind === "permissions") warn(error.message); else throw error; }
 * ```
 */
export class FileError extends CodedError<FileErrorCode> {
  override readonly name = "FileError";
  /** What went wrong. */
  readonly kind: FileErrorKind;

  constructor(kind: FileErrorKind, message: string, options: CodedErrorOptions = {}) {
    super(`ERR_FILE_${kind.toUpperCase()}` as FileErrorCode, message, {
      retryable: kind === "locked",
      ...options,
    });
    this.kind = kind;
  }
}

/** The system's short name of a failure, for example `EACCES`; empty for anything else. */
export function systemErrorCode(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/**
 * A failure of the system as a {@link FileError} `ERR_FILE_UNWRITABLE`; an error with a code of ours, and whatever a
 * caller's function threw, as it is.
 */
export function toWriteError(path: string, error: unknown): unknown {
  const code = systemErrorCode(error);
  if (!/^E[A-Z0-9]+$/.test(code)) return error;
  const hint = code === "ENOENT" ? "its directory does not exist" : code;
  return new FileError("unwritable", `Cannot write file ${path}: ${hint}.`, { cause: error });
}
