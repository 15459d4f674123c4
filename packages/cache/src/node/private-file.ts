/** One small file of this user: replaced as a whole, mode 0600, and a warning where others may read it. */
import { mkdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import {
  readSmallFile,
  replaceFile,
  restrictWindowsAccess,
  systemErrorCode,
  type LockOptions,
} from "@ksmkit/common/files";
import { CacheError } from "../errors/cache-error.ts";
import type { StoreWarning } from "../store/cache-store.ts";

/** Options of everything that keeps sealed entries in files. */
export interface PrivateFileOptions extends LockOptions {
  /** Refuses to read a file that group or others may access. Default: false, which tells a notice. */
  strictPermissions?: boolean | undefined;
  /** Largest file that is read, in bytes. Default: 536 870 912 (512 MiB). */
  maxBytes?: number | undefined;
}

const windows = process.platform === "win32";

/** Reads a file; `null` when there is none. */
export async function readPrivateFile(
  path: string,
  { strictPermissions = false, maxBytes = 0x2000_0000 }: PrivateFileOptions,
  warn?: StoreWarning,
): Promise<Uint8Array | null> {
  const content = await readSmallFile(path, maxBytes);
  if (content === null) return null;
  if (!windows && (content.mode & 0o077) !== 0) {
    const message = `Others may access ${path} (mode 0${content.mode.toString(8)}). Run: chmod 600 ${path}`;
    if (strictPermissions) throw new CacheError("ERR_CACHE_STORE_FAILED", message);
    warn?.(message);
  }
  return content.bytes;
}

/** Thrown inside a replacement to leave the file as it is. */
class Unchanged extends CacheError {
  constructor() {
    super("ERR_CACHE_STORE_FAILED", "The file was left as it is.");
  }
}

/** Replaces a file as a whole; its directory is made when it is missing, for this user only. */
export async function writePrivateFile(
  path: string,
  decide: (current: Uint8Array | null) => Uint8Array | null,
  { maxBytes = 0x2000_0000, timeoutMs, sleep }: PrivateFileOptions,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await replaceFile(
      path,
      (current) => {
        const next = decide(current?.bytes ?? null);
        if (next === null) throw new Unchanged();
        return next;
      },
      {
        maxBytes,
        timeoutMs,
        sleep,
        protect: windows ? async (temp) => void (await restrictWindowsAccess(temp)) : undefined,
      },
    );
  } catch (error) {
    if (!(error instanceof Unchanged)) throw error;
  }
}

/** Removes a file. No file is fine. */
export async function removePrivateFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  }
}
