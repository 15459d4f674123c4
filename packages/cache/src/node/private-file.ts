/** Private files as the stores of this package use them: their failures are `ERR_CACHE_STORE_FAILED`. */
import * as files from "@ksmkit/common/files";
import { CacheError } from "../errors/cache-error.ts";
import type { StoreWarning } from "../store/cache-store.ts";

/** Options of everything that keeps sealed entries in files. */
export interface PrivateFileOptions extends Pick<
  files.PrivateFileOptions,
  "timeoutMs" | "sleep" | "maxBytes"
> {
  /**
   * Refuses a file that group or others may access, and a directory in which others may replace it. Default: false,
   * which raises a `permissions` event.
   */
  strictPermissions?: boolean | undefined;
}

/** Reads a file; `null` when there is none. */
export async function readPrivateFile(
  path: string,
  options: PrivateFileOptions,
  warn?: StoreWarning,
): Promise<files.FileContent | null> {
  return mapErrors(files.readPrivateFile(path, { ...options, onWarning: warn }));
}

/** Replaces a file as a whole; its directory is made when it is missing, for this user only. */
export async function writePrivateFile(
  path: string,
  content: Uint8Array | ((current: Uint8Array | null) => Uint8Array | null),
  options: PrivateFileOptions,
  warn?: StoreWarning,
): Promise<void> {
  await mapErrors(
    files.writePrivateFile(path, content, { ...options, makeDirectory: true, onWarning: warn }),
  );
}

/** Removes a file. No file is fine. */
export async function removePrivateFile(path: string): Promise<void> {
  await mapErrors(files.removePrivateFile(path));
}

async function mapErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof files.FileError)) throw error;
    const { message, retryable, cause } = error;
    throw new CacheError("ERR_CACHE_STORE_FAILED", message, { retryable, cause });
  }
}
