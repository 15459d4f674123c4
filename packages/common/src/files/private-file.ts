/** Caches and states of one user, which other users must neither read nor plant. */
import type { Stats } from "node:fs";
import { lstat, mkdir, realpath, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FileError, systemErrorCode, toWriteError } from "./file-error.ts";
import { FileLock, type LockOptions } from "./file-lock.ts";
import { readSmallFile, type FileContent } from "./read-small-file.ts";
import { syncDirectory } from "./replace-file.ts";
import { platformAccess, type WindowsAccess } from "./windows-access.ts";

/** Options of {@link writePrivateFile} and {@link readPrivateFile}. */
export interface PrivateFileOptions extends LockOptions {
  /**
   * Refuses a file that other users may read, and a directory in which they may replace it. Default: false, which
   * calls `onWarning` and goes on.
   */
  strictPermissions?: boolean | undefined;
  /** Called with what is wrong and what to do, at each read or write that finds it. Optional. */
  onWarning?: ((message: string) => void) | undefined;
  /** Makes the directory, mode 0700, where it is missing. Default: false. */
  makeDirectory?: boolean | undefined;
  /** Largest current content that is read, in bytes. Default: 536 870 912 (512 MiB). */
  maxBytes?: number | undefined;
  /** @internal */
  access?: WindowsAccess | undefined;
}

const maxAttempts = 3;

/**
 * Reads a private file. A symbolic link in its place is not followed.
 *
 * @returns `null` when there is no file
 * @throws {@link FileError} `ERR_FILE_UNREADABLE`, also for a link; `ERR_FILE_PERMISSIONS` with `strictPermissions`,
 *   and on Windows when an access list that admits others cannot be repaired
 */
export async function readPrivateFile(
  path: string,
  options: PrivateFileOptions = {},
): Promise<FileContent | null> {
  await checkDirectory(dirname(path), options);
  const content = await readSmallFile(path, options.maxBytes ?? 0x2000_0000, { followLinks: false });
  if (content === null) return null;
  const { access = platformAccess() } = options;
  if (access !== undefined) await access.ensurePrivate(path);
  else if ((content.mode & 0o077) !== 0) {
    report(`Others may access ${path} (mode ${octal(content.mode)}). Run: chmod 600 ${path}`, options);
  } else if (isForeign(content)) {
    report(`Others may access ${path}: it belongs to user ${content.uid}. Remove it`, options);
  }
  return content;
}

/**
 * Replaces a file as a whole, mode 0600, durable: readers see the old or the new content, also after a crash. Of
 * several writers, each sees what the one before it wrote. The content goes into a temp file of a random name that did
 * not exist before; a symbolic link in the place of the file is replaced, what it leads to stays as it is.
 *
 * @param content what to write; or a function that gets the current content (`null`: no file) and returns the new one,
 *   or `null` to leave the file as it is. It runs again when its temp file was removed meanwhile
 * @throws {@link FileError} `ERR_FILE_UNWRITABLE`, `ERR_FILE_LOCKED`, `ERR_FILE_UNREADABLE`, `ERR_FILE_PERMISSIONS`;
 *   what the function throws
 * @example
 * ```ts
 * await writePrivateFile("/var/cache/app/state", bytes, { makeDirectory: true, strictPermissions: true });
 * await writePrivateFile(path, (current) => (current === null ? first : join(current, more)));
 * ```
 */
export async function writePrivateFile(
  path: string,
  content: Uint8Array | ((current: Uint8Array | null) => Uint8Array | null),
  options: PrivateFileOptions = {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (await writeOnce(path, content, options)) return;
    } catch (error) {
      throw toWriteError(path, error);
    }
    // Another process took this one for dead and removed its temp file: what happened since is read anew.
    if (attempt === maxAttempts) {
      throw new FileError("unwritable", `Cannot write file ${path}: its temp file was removed.`, {
        retryable: true,
      });
    }
  }
}

/** Removes a private file, or the link in its place. No file is fine. */
export async function removePrivateFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw toWriteError(path, error);
  }
}

/** False when the temp file was gone before it could take the place of the file. */
async function writeOnce(
  path: string,
  content: Uint8Array | ((current: Uint8Array | null) => Uint8Array | null),
  options: PrivateFileOptions,
): Promise<boolean> {
  const named = dirname(path);
  if (options.makeDirectory) await mkdir(named, { recursive: true, mode: 0o700 });
  const owner = await checkDirectory(named, options);
  const directory = await realpath(named);
  const target = join(directory, basename(path));
  const lock = await FileLock.acquire(target, options);
  try {
    const found = await lstat(target).catch(ignoreMissing);
    let next: Uint8Array | null;
    if (typeof content === "function") {
      // Anything but a file is replaced unread.
      const current = found?.isFile()
        ? await readSmallFile(target, options.maxBytes ?? 0x2000_0000, { followLinks: false })
        : null;
      next = content(current?.bytes ?? null);
    } else next = content;
    if (next === null) return true;
    const { handle } = lock;
    await handle.writeFile(next);
    await handle.sync();
    await handle.chmod(0o600);
    if (found?.isFile()) await keepOwner(handle, found, owner);
    await (options.access ?? platformAccess())?.restrict(lock.path);
    await handle.close();
    try {
      await rename(lock.path, target);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return false;
      throw error;
    }
    await syncDirectory(directory);
    return true;
  } finally {
    await lock.release();
  }
}

/**
 * The file of a directory's owner stays theirs when root writes it. The owner of a planted file does not become the
 * owner of the new content.
 */
async function keepOwner(handle: FileHandle, found: Stats, directoryOwner: number): Promise<void> {
  if (found.uid !== directoryOwner) return;
  const { uid, gid } = await handle.stat();
  // Only root may change owners; for other users the new file stays their own.
  if (uid !== found.uid || gid !== found.gid) await handle.chown(found.uid, found.gid).catch(() => {});
}

/** Reports a directory in which other users can replace files. Returns its numeric owner, -1 when it does not exist. */
async function checkDirectory(path: string, options: PrivateFileOptions): Promise<number> {
  const found = await lstat(path).catch(ignoreMissing);
  const directory = found?.isSymbolicLink() ? await stat(path).catch(ignoreMissing) : found;
  if (found === null || directory === null) return -1;
  // Permission bits mean nothing on Windows, where each new file has an access list of its own.
  if ((options.access ?? platformAccess()) !== undefined) return directory.uid;
  const foreign = [found, directory].find(isForeign);
  const sticky = (directory.mode & 0o1000) !== 0;
  if (foreign) {
    report(
      `Others may replace files in ${path}: it belongs to user ${foreign.uid}. Use a directory of your own`,
      options,
    );
  } else if ((directory.mode & 0o022) !== 0 && !sticky) {
    const mode = octal(directory.mode & 0o777);
    report(`Others may replace files in ${path} (mode ${mode}). Run: chmod go-w ${path}`, options);
  }
  return directory.uid;
}

/** True when another user than this one and root owns it. */
function isForeign({ uid }: { readonly uid: number }): boolean {
  // Deno prompts its user for this permission.
  const me = process.versions["deno"] === undefined ? process.geteuid?.() : undefined;
  return me !== undefined && uid !== me && uid !== 0;
}

function report(message: string, { strictPermissions, onWarning }: PrivateFileOptions): void {
  if (strictPermissions) throw new FileError("permissions", message);
  onWarning?.(message);
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}

function ignoreMissing(error: unknown): null {
  if (systemErrorCode(error) !== "ENOENT") throw error;
  return null;
}
