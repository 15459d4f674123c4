/** Overwriting in place, for files that cannot be replaced: mounted by themselves, or in a read-only directory. */
import { open, type FileHandle } from "node:fs/promises";
import { FileError, systemErrorCode } from "./file-error.ts";
import { readSmallFile, type FileContent } from "./read-small-file.ts";

/** What must be known to overwrite a file. */
export interface OverwriteOptions {
  /** Largest current content that is read, in bytes. */
  maxBytes: number;
  /**
   * A byte that may follow the content without changing its meaning, for example a line break after JSON.
   * Lets a file that can only be overwritten in place pass from old to new in one write. Default: none.
   */
  filler?: number | undefined;
  /**
   * Where a file may be overwritten in place: `mounts`, only where it is mounted by itself, so that the system
   * refuses to replace it; `anywhere` that it cannot be replaced. Default: `anywhere`.
   */
  inPlace?: "mounts" | "anywhere" | "nowhere" | undefined;
  /**
   * Called when the new content is ready and the old one still in place: `replace`, the old file will lose its
   * name; `overwrite`, it will lose its content.
   */
  beforeChange?:
    | ((target: string, current: FileContent, how: "replace" | "overwrite") => Promise<void>)
    | undefined;
}

const maxAttempts = 3;

/** Failures after which a file cannot be replaced, only overwritten: mount points, read-only directories. */
export const notReplaceable: RegExp = /^(?:EBUSY|EXDEV|EPERM|EACCES|EROFS)$/;
/** Those of a file that is a mount point itself. */
const isMountPoint = /^(?:EBUSY|EXDEV)$/;

/**
 * Overwrites a file in place. Its old content is put back on failure; a power cut in the middle may tear it.
 *
 * @throws `obstacle` where that may not be done; {@link FileError} `ERR_FILE_CONFLICT`
 */
export async function overwriteFile(
  target: string,
  current: FileContent | null,
  next: Uint8Array,
  { filler, inPlace = "anywhere", beforeChange, maxBytes }: OverwriteOptions,
  obstacle: unknown,
): Promise<void> {
  if (current === null || !mayOverwrite(inPlace, obstacle)) throw obstacle;
  await beforeChange?.(target, current, "overwrite");
  const handle = await open(target, "r+");
  try {
    try {
      await writeWhole(handle, next, filler);
    } catch (error) {
      await writeAt0(handle, current.bytes);
      await handle.truncate(current.bytes.length);
      throw error;
    }
  } finally {
    await handle.close();
  }
  await verifyWritten(target, next, filler, maxBytes);
}

/** In one write as long as the file is no longer than that; only content without a filler cuts it afterwards. */
async function writeWhole(handle: FileHandle, next: Uint8Array, filler: number | undefined): Promise<void> {
  const { size } = await handle.stat();
  const padded = new Uint8Array(Math.max(next.length, filler === undefined ? 0 : size));
  padded.fill(filler ?? 0);
  padded.set(next);
  await writeAt0(handle, padded);
  if (filler === undefined && size > next.length) {
    await handle.truncate(next.length);
    await handle.sync();
  }
}

/**
 * Reads back what was overwritten in place. A mixture of two writers is written again, whoever finds it; whole content
 * of another one stands.
 */
async function verifyWritten(
  target: string,
  next: Uint8Array,
  filler: number | undefined,
  maxBytes: number,
): Promise<void> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const found = await readSmallFile(target, maxBytes);
    if (found !== null && isContent(found.bytes, next, filler)) return;
    // This content, with the end of another writer's behind it; anything else is theirs, and later.
    if (found === null || !startsWith(found.bytes, next)) break;
    const handle = await open(target, "r+");
    try {
      await writeWhole(handle, next, filler);
    } finally {
      await handle.close();
    }
  }
  throw new FileError(
    "conflict",
    `File ${target} was written by another process at the same time. Mount its directory instead of the file.`,
  );
}

function isContent(found: Uint8Array, next: Uint8Array, filler: number | undefined): boolean {
  if (filler === undefined && found.length !== next.length) return false;
  return startsWith(found, next) && found.subarray(next.length).every((byte) => byte === filler);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, at) => bytes[at] === byte);
}

/** Whether a file that `obstacle` keeps from being replaced may be overwritten instead. */
export function mayOverwrite(inPlace: "mounts" | "anywhere" | "nowhere", obstacle: unknown): boolean {
  return inPlace === "mounts" ? isMountPoint.test(systemErrorCode(obstacle)) : inPlace === "anywhere";
}

async function writeAt0(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await handle.write(bytes, at, bytes.length - at, at)).bytesWritten;
  }
  await handle.sync();
}
