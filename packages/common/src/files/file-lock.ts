/**
 * Mutual exclusion between writers of one file, with nothing to unlock and nothing to go stale.
 *
 * A writer's lock is the temp file that will become the target: `.<name>.<host>-<pid>-<random>.tmp` in
 * the same directory. It is created first; then the directory is searched for others. A writer that finds
 * a living one withdraws and tries again after a random pause, so of two writers at most one goes on: the
 * one that creates later sees the other. Names are unique and never reused, hence:
 *
 * - removing the lock of a dead writer can never hit a living one;
 * - a writer wrongly taken for dead (stopped for longer than {@link staleAfterMs}) finds its temp file gone
 *   and its final rename fails, instead of undoing what others wrote since.
 */
import { lstat, open, readdir, readFile, readlink, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { utf8Bytes } from "../encoding/bytes.ts";
import { encodeHex } from "../encoding/hex.ts";
import { platformRandom, platformSleep, type Sleep } from "../time/clock.ts";
import { FileError, systemErrorCode } from "./file-error.ts";

/**
 * Age in milliseconds from which a lock counts as abandoned when its process cannot be asked for. Also the bound for
 * time stamps in the future, which a clock set back or another host's clock leaves behind.
 */
export const staleAfterMs = 10_000;

/** Options of {@link FileLock.acquire}. */
export interface LockOptions {
  /** Longest wait for other writers in milliseconds. Default: 15 000, longer than {@link staleAfterMs}. */
  timeoutMs?: number | undefined;
  /** Waits between tries. Default: a timer. */
  sleep?: Sleep | undefined;
  /** Ends the wait for other writers; the call then rejects with the signal's reason. Default: none. */
  signal?: AbortSignal | undefined;
}

/**
 * The right to replace a file, held until the temp file is renamed or the lock released.
 *
 * @example
 * ```ts
 * const lock = await FileLock.acquire(path);
 * try {
 *   await lock.handle.writeFile(content);
 *   await lock.handle.sync();
 *   await rename(lock.path, path);
 * } finally {
 *   await lock.release();
 * }
 * ```
 */
export class FileLock {
  /** The temp file, empty and open for writing, mode 0600. */
  readonly handle: FileHandle;
  /** Its path, beside the target. */
  readonly path: string;

  private constructor(handle: FileHandle, path: string) {
    this.handle = handle;
    this.path = path;
  }

  /**
   * Locks a file, waiting for other writers.
   *
   * @throws {@link FileError} `ERR_FILE_LOCKED`, retryable, when others kept writing for `timeoutMs`; whatever the file
   *   system throws when the temp file cannot be created
   */
  static async acquire(target: string, options: LockOptions = {}): Promise<FileLock> {
    options.signal?.throwIfAborted();
    const endsAt = performance.now() + (options.timeoutMs ?? 15_000);
    const here = await hostFingerprint();
    for (let attempt = 1; ; attempt++) {
      const lock = await FileLock.#create(target, here);
      try {
        // The lock's own time stamp comes from the clock that stamped the others.
        const { mtimeMs } = await lock.handle.stat();
        if (!(await findRival(target, here, mtimeMs, lock.path))) return lock;
      } catch (error) {
        await lock.release();
        throw error;
      }
      await lock.release();
      if (performance.now() >= endsAt) break;
      await (options.sleep ?? platformSleep)(2 + (randomByte() % Math.min(98, 10 * attempt)), options.signal);
    }
    throw new FileError("locked", `Other processes keep writing file ${target}.`);
  }

  /** Removes the temp file. Harmless after the rename: the name is never used again. */
  async release(): Promise<void> {
    await this.handle.close().catch(() => {});
    await removeTemp(this.path);
  }

  static async #create(target: string, here: string): Promise<FileLock> {
    const name = `${tempPrefix(target)}${here}-${process.pid}-${encodeHex(platformRandom(8))}.tmp`;
    const path = join(dirname(target), name);
    return new FileLock(await open(path, "wx", 0o600), path);
  }
}

/** Removes the locks that killed writers left, as far as that is possible. */
export async function removeStaleLocks(target: string): Promise<void> {
  await hostFingerprint()
    .then((here) => findRival(target, here, Date.now()))
    .catch(() => false);
}

/** Removes abandoned locks; true when a living one other than `own` is there. */
async function findRival(target: string, here: string, now: number, own = ""): Promise<boolean> {
  const prefix = tempPrefix(target);
  let rival = false;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix) || name === basename(own)) continue;
    const match = /^([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{16}\.tmp$/.exec(name.slice(prefix.length));
    if (match === null) continue;
    const path = join(dirname(target), name);
    const age = now - (await modifiedAt(path));
    if (Math.abs(age) > staleAfterMs || (match[1] === here && isDead(Number(match[2]), age))) {
      await removeTemp(path);
    } else {
      rival = true;
    }
  }
  return rival;
}

function tempPrefix(target: string): string {
  return `.${basename(target)}.`;
}

/**
 * Where a process id means something: one host, one boot of it, one namespace of process ids. The platform's digest:
 * importing `node:crypto` costs 4 ms.
 */
async function hostFingerprint(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", utf8Bytes(hostName() + (await pidNamespace())));
  return encodeHex(new Uint8Array(digest, 0, 4));
}

/** Containers of a pod share the host name, but no process ids. */
async function pidNamespace(): Promise<string> {
  // Deno would ask its user for leave to read these.
  if (process.versions["deno"] !== undefined) return "";
  try {
    return (
      (await readFile("/proc/sys/kernel/random/boot_id", "utf8")) + (await readlink("/proc/self/ns/pid"))
    );
  } catch {
    // Systems without these files have no such namespaces.
    return "";
  }
}

function hostName(): string {
  try {
    return process.getBuiltinModule("node:os").hostname();
  } catch (cause) {
    const what = "The name of this host, which distinguishes the processes that save a file, cannot be read";
    throw new FileError("unwritable", `${what}; Deno needs --allow-sys=hostname.`, { cause });
  }
}

function randomByte(): number {
  return platformRandom(1)[0] ?? 0;
}

function isDead(pid: number, ageMs: number): boolean {
  // Older than this process: left by another one that had its id.
  if (pid === process.pid) return ageMs > process.uptime() * 1000 + 1000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return systemErrorCode(error) === "ESRCH";
  }
}

/** Gone is as good as very old. */
async function modifiedAt(path: string): Promise<number> {
  try {
    return (await lstat(path)).mtimeMs;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return -Infinity;
    throw error;
  }
}

async function removeTemp(path: string): Promise<void> {
  // Gone already, or not ours to remove: either way it is not in the way, since its name is never reused.
  await unlink(path).catch(() => {});
}
