/** Reads small regular files whole, within a bound. */
import { constants } from "node:fs/promises";
import { open } from "node:fs/promises";
import { concatBytes } from "../encoding/bytes.ts";
import { FileError, systemErrorCode } from "./file-error.ts";

/** A file as it was read. */
export interface FileContent {
  /** Everything in it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Permission bits, for example `0o600`. */
  readonly mode: number;
  /** Numeric owner. */
  readonly uid: number;
  /** Numeric group. */
  readonly gid: number;
}

/**
 * Reads a file.
 *
 * @returns `null` when there is no file
 * @throws {@link FileError} `ERR_FILE_UNREADABLE` when it cannot be read, is larger than
 *   `maxBytes`, or is a directory, pipe or device
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<FileContent | null> {
  try {
    // Without O_NONBLOCK, opening a pipe would wait for a writer. Windows has neither.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw unreadable(path, "it is not a regular file");
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      // In one piece where the size is true, which it need not be; one byte more shows the end at once.
      let size = Math.min(stat.size, maxBytes) + 1;
      for (let total = 0; ; size = 16_384) {
        const { bytesRead, buffer } = await handle.read(new Uint8Array(size));
        if (bytesRead === 0) break;
        total += bytesRead;
        if (total > maxBytes) throw unreadable(path, `it is larger than ${maxBytes} bytes`);
        chunks.push(buffer.subarray(0, bytesRead));
      }
      const [only, ...others] = chunks;
      const bytes = only && others.length === 0 ? only : concatBytes(...chunks);
      return { bytes, mode: stat.mode & 0o777, uid: stat.uid, gid: stat.gid };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error instanceof FileError ? error : unreadable(path, systemErrorCode(error), error);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): FileError {
  return new FileError("unreadable", `Cannot read file ${path}: ${reason}.`, { cause });
}
