/** Reads small regular files whole, within a bound. */
import { constants, lstat, open } from "node:fs/promises";
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
  /** When the content was last changed, in milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/**
 * Reads a file.
 *
 * @param options `followLinks: false` refuses a symbolic link. Default: true
 * @returns `null` when there is no file
 * @throws {@link FileError} `ERR_FILE_UNREADABLE` when it cannot be read, is larger than
 *   `maxBytes`, or is a directory, pipe or device
 * @example
 * ```ts
 * const content = await readSmallFile("/etc/app/ca.pem", 1 << 20);
 * if (content !== null) use(content.bytes);
 * ```
 */
export async function readSmallFile(
  path: string,
  maxBytes: number,
  { followLinks = true }: { followLinks?: boolean } = {},
): Promise<FileContent | null> {
  try {
    // Without O_NONBLOCK, opening a pipe would wait for a writer. Windows has neither flag.
    const {
      O_RDONLY,
      O_NONBLOCK = 0,
      O_NOFOLLOW,
    } = constants as Partial<typeof constants> & { O_RDONLY: number };
    if (!followLinks && O_NOFOLLOW === undefined && (await lstat(path)).isSymbolicLink()) {
      throw unreadable(path, "it is a symbolic link");
    }
    const handle = await open(path, O_RDONLY | O_NONBLOCK | (followLinks ? 0 : (O_NOFOLLOW ?? 0)));
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
      return { bytes, mode: stat.mode & 0o777, uid: stat.uid, gid: stat.gid, modifiedAt: stat.mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    if (error instanceof FileError) throw error;
    const code = systemErrorCode(error);
    throw unreadable(path, !followLinks && code === "ELOOP" ? "it is a symbolic link" : code, error);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): FileError {
  return new FileError("unreadable", `Cannot read file ${path}: ${reason}.`, { cause });
}
