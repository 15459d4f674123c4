/**
 * Whole-file replacement that survives crashes, full disks and competing writers. Every storage and cache
 * on disk uses it: temp file in the same directory, permissions, fsync, rename, fsync of the directory.
 */
import { open, readlink, realpath, rename, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FileError, systemErrorCode, toWriteError } from "./file-error.ts";
import { FileLock, removeStaleLocks, type LockOptions } from "./file-lock.ts";
import { readSmallFile, type FileContent } from "./read-small-file.ts";

/** Options of {@link replaceFile} and {@link probeFile}. */
export interface AtomicFileOptions extends LockOptions {
  /** Largest current content that is read, in bytes. */
  maxBytes: number;
  /** Permission bits of the new file. Default: 0o600. */
  mode?: number | undefined;
  /** Keeps an existing file's permission bits instead, and ignores a failure to set any. Default: false. */
  keepMode?: boolean | undefined;
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
  /** Restricts access to the temp file by other means than permission bits, before the rename. */
  protect?: ((path: string) => Promise<void> | undefined) | undefined;
}

const maxAttempts = 3;

/** The temp file was removed before it could take the target's place. */
class LockLost extends FileError {
  constructor(path: string, cause: unknown) {
    super("unwritable", `Cannot write file ${path}: its temp file was removed, or its directory.`, {
      cause,
      retryable: true,
    });
  }
}

/** Failures after which a file cannot be replaced, only overwritten: mount points, read-only directories. */
const notReplaceable = /^(?:EBUSY|EXDEV|EPERM|EACCES|EROFS)$/;
/** Those of a file that is a mount point itself. */
const isMountPoint = /^(?:EBUSY|EXDEV)$/;

/**
 * Replaces a file's content as a whole. Readers see the old or the new content, also after a crash. Of
 * several writers, each sees what the one before it wrote. Symbolic links are followed and kept.
 *
 * Where the file cannot be replaced (a single file mounted into a container, a read-only directory), it is
 * overwritten in place: old content is put back on failure, but a power cut in the middle may tear it. Content that
 * is not shorter, or has a filler, goes over it in one write and the file is not cut. Where the directory takes no
 * new file, or is another one for each container, writers do not take turns: what was written is read back, mended
 * where it is mixed with another writer's, and a later writer is reported as `ERR_FILE_CONFLICT`.
 *
 * @param update gets the current content (`null`: no file) and returns the new one, or throws to leave
 *   everything as it is
 * @throws {@link FileError} `ERR_FILE_UNWRITABLE`, `ERR_FILE_UNREADABLE`, or what `update` throws
 */
export async function replaceFile(
  path: string,
  update: (current: FileContent | null) => Uint8Array,
  options: AtomicFileOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await replaceOnce(path, update, options);
      return;
    } catch (error) {
      // Another process took this one for dead and removed its temp file: what happened since is read anew.
      if (!(error instanceof LockLost) || attempt === maxAttempts) throw error;
    }
  }
}

async function replaceOnce(
  path: string,
  update: (current: FileContent | null) => Uint8Array,
  options: AtomicFileOptions,
): Promise<void> {
  await withLock(path, options, async (target, lock, obstacle) => {
    const current = await readSmallFile(target, options.maxBytes);
    const next = update(current);
    if (lock === null) return overwrite(target, current, next, options, obstacle);
    await lock.handle.writeFile(next);
    await lock.handle.sync();
    await setAccess(lock, current, options);
    await lock.handle.close();
    if (current !== null) await options.beforeChange?.(target, current, "replace");
    try {
      await rename(lock.path, target);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === "ENOENT") throw new LockLost(path, error);
      if (!notReplaceable.test(code)) throw error;
      return overwrite(target, current, next, options, error);
    }
    await syncDirectory(dirname(target));
  });
}

/**
 * Removes a file when `mayRemove` agrees to its current content. No file is fine.
 *
 * @throws {@link FileError} `ERR_FILE_UNWRITABLE`, `ERR_FILE_UNREADABLE`
 */
export async function removeFile(
  path: string,
  mayRemove: (current: FileContent) => boolean,
  options: AtomicFileOptions,
): Promise<void> {
  await withLock(path, options, async (target) => {
    const current = await readSmallFile(target, options.maxBytes);
    if (current === null || !mayRemove(current)) return;
    await unlink(target);
    await syncDirectory(dirname(target));
  });
}

/**
 * Proves that {@link replaceFile} can write here, by writing and removing a temp file of 4 KiB.
 *
 * @throws {@link FileError} `ERR_FILE_UNWRITABLE`, `ERR_FILE_UNREADABLE`
 */
export async function probeFile(path: string, options: AtomicFileOptions): Promise<void> {
  await withLock(path, options, async (target, lock, obstacle) => {
    const current = await readSmallFile(target, options.maxBytes);
    if (lock === null) {
      if (current === null || !mayOverwrite(options.inPlace ?? "anywhere", obstacle)) throw obstacle;
      return (await open(target, "r+")).close();
    }
    await lock.handle.writeFile(new Uint8Array(4096));
    await lock.handle.sync();
    if (current !== null) await refuseReadOnlyMount(target);
  });
}

/** A single file may be mounted read-only into a directory that takes new files. */
async function refuseReadOnlyMount(target: string): Promise<void> {
  try {
    await (await open(target, "r+")).close();
  } catch (error) {
    // A file that may not be written may still be replaced.
    if (systemErrorCode(error) === "EROFS") throw error;
  }
}

/** Removes the temp files that killed writers of a file left. Housekeeping: a failure is ignored. */
export async function removeStaleTempFiles(path: string): Promise<void> {
  await followLinks(path).then(removeStaleLocks, () => {});
}

/** Runs `work` with the lock, or without one where the directory takes no new file; `obstacle` says why. */
async function withLock(
  path: string,
  options: AtomicFileOptions,
  work: (target: string, lock: FileLock | null, obstacle: unknown) => Promise<void>,
): Promise<void> {
  let lock: FileLock | null = null;
  let obstacle: unknown;
  try {
    const target = await followLinks(path);
    try {
      lock = await FileLock.acquire(target, options);
    } catch (error) {
      if (!notReplaceable.test(systemErrorCode(error))) throw error;
      obstacle = error;
    }
    await work(target, lock, obstacle);
  } catch (error) {
    throw toWriteError(path, error);
  } finally {
    if (lock !== null) await lock.release();
  }
}

/** Where a path leads, which need not exist yet. The links themselves stay. */
async function followLinks(path: string): Promise<string> {
  let at = path;
  for (let hops = 0; hops < 32; hops++) {
    const directory = await realpath(dirname(at));
    at = join(directory, basename(at));
    try {
      at = resolve(directory, await readlink(at));
    } catch {
      // EINVAL (UNKNOWN on Windows): not a link. Anything else shows up again on opening.
      return at;
    }
  }
  throw new FileError("unreadable", `Cannot read file ${path}: too many symbolic links.`);
}

async function setAccess(
  lock: FileLock,
  current: FileContent | null,
  options: AtomicFileOptions,
): Promise<void> {
  const { handle } = lock;
  if (current !== null) {
    const { uid, gid } = await handle.stat();
    // A service run by root must not take the file away from its owner. Other users cannot change owners.
    if (uid !== current.uid || gid !== current.gid)
      await handle.chown(current.uid, current.gid).catch(() => {});
  }
  if (options.keepMode) {
    // Some mounts know no permissions; that is why the caller asked to leave them alone.
    await handle.chmod(current?.mode ?? options.mode ?? 0o600).catch(() => {});
  } else {
    await handle.chmod(options.mode ?? 0o600);
  }
  await options.protect?.(lock.path);
}

async function overwrite(
  target: string,
  current: FileContent | null,
  next: Uint8Array,
  { filler, inPlace = "anywhere", beforeChange, maxBytes }: AtomicFileOptions,
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

function mayOverwrite(inPlace: "mounts" | "anywhere" | "nowhere", obstacle: unknown): boolean {
  return inPlace === "mounts" ? isMountPoint.test(systemErrorCode(obstacle)) : inPlace === "anywhere";
}

async function writeAt0(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await handle.write(bytes, at, bytes.length - at, at)).bytesWritten;
  }
  await handle.sync();
}

/** Makes a rename in this directory last, as far as the system can. */
export async function syncDirectory(path: string): Promise<void> {
  try {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The rename has happened; only its durability is open, and not every system can sync a directory.
  }
}
