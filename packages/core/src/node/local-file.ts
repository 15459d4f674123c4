/** A file on disk as something to upload. */
import { open } from "node:fs/promises";
import { basename } from "node:path";
import type { UploadFileOptions } from "../client/upload-file.ts";
import { RecordError } from "../errors/errors.ts";
import { readChunks } from "./file-chunks.ts";
import { systemErrorCode } from "@ksmkit/common/files";

/**
 * Describes a file for `uploadFile`; it is read while it is uploaded, and opened anew for each upload. A
 * chunk of `data` is good until the next one is asked for.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_UNREADABLE`
 * @example
 * ```ts
 * await manager.uploadFile(record, { ...(await localFile("backup.tar")), title: "Backup" });
 * ```
 */
export async function localFile(
  path: string,
): Promise<Required<Pick<UploadFileOptions, "name" | "size" | "lastModified" | "data">>> {
  try {
    const handle = await open(path);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw unreadable(path, "it is not a regular file");
      return {
        name: basename(path),
        size: stat.size,
        lastModified: Math.round(stat.mtimeMs),
        data: { [Symbol.asyncIterator]: () => contentOf(path) },
      };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof RecordError ? error : unreadable(path, systemErrorCode(error), error);
  }
}

async function* contentOf(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path);
  try {
    yield* readChunks(handle);
  } finally {
    await handle.close();
  }
}

function unreadable(path: string, reason: string, cause?: unknown): RecordError {
  return new RecordError("ERR_KSM_FILE_UNREADABLE", `Cannot read file ${path}: ${reason}.`, { cause });
}
