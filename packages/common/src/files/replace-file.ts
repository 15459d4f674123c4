/**
 * Whole-file replacement that survives crashes, full disks and competing writers, for files
 * that a user names: temp file in the same directory, permissions, fsync, rename, fsync of the directory.
 */
import { open, readlink, realpath, rename, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FileError, systemErrorCode, toWriteError } from "./file-error.ts";
import { FileLock, removeStaleLocks, type LockOptions } from "./file-lock.ts";
import { mayOverwrite, notReplaceable, overwriteFile, type OverwriteOptions } from "./overwrite-file.ts";
import { readSmallFile, type FileContent } from "./read-small-file.ts";

/** Options of {@link replaceFile} and {@link probeFile}. */
export interface AtomicFileOptions extends LockOptions, OverwriteOptions {
  /** Permission bits of the new file. Default: 0o600. */
  mode?: number | undefined;
  /** Keeps an existing file's permission bits instead, and ignores a failure to set any. Default: false. */
  keepMode?: boolean | undefined;
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
 * @throws {@link FileError} `ERR_FILE_UNWRITABLE`, `ERR_FILE_LOCKED`, `ERR_FILE_UNREADABLE`, `ERR_FILE_CONFLICT`, or
 *   what `update` throws
 * @example
 * ```ts
 * await replaceFile("/etc/app/ksm.json", (current) => addHost(current?.bytes), { maxBytes: 1 << 20 });
 * ```
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
    if (lock === null) return overwriteFile(target, current, next, options, obstacle);
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
      return overwriteFile(target, current, next, options, error);
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
