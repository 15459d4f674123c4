/** The file of a sealed configuration (kms-storage sections 11.2 and 11.4). */
import { anyOption, requireOptions } from "../errors/require-options.ts";
import type { Stats } from "node:fs";
import { constants, mkdir, open, realpath, stat, unlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  equalBytes,
  platformSleep,
  functionOption,
  waitOptionChecks,
  type OptionChecks,
} from "@ksmkit/common";
import {
  copyGeneration,
  dropGeneration,
  linkGeneration,
  probeFile,
  readSmallFile,
  removeFile,
  removeStaleTempFiles,
  replaceFile,
  platformAccess,
  systemErrorCode,
  type AtomicFileOptions,
  type FileContent,
  type LockOptions,
  type WindowsAccess,
} from "@ksmkit/common/files";
import { maxConfigSize } from "../config/config-text.ts";
import { ArgumentError, StorageError } from "../errors/errors.ts";
import type { ByteStore, ByteWrite, StoredBytes } from "../sealed/byte-store.ts";
import { type SealedWarning, checkChoice } from "../sealed/sealing-options.ts";
import { mapFileErrors } from "./map-file-errors.ts";

/** Options of {@link sealedFile}. */
export interface SealedFileOptions extends Omit<LockOptions, "signal"> {
  /** The file. A relative path is resolved against the working directory at once. */
  path: string;
  /**
   * Where the file may be overwritten in place instead of replaced: `mounts`, a single file mounted into a
   * container; `anywhere`, also in directories that take no new file; `nowhere`. Default: `mounts`.
   */
  inPlace?: "mounts" | "anywhere" | "nowhere" | undefined;
  /**
   * Keeps the generation before as a file of this path, which is no directory; false keeps none. What was in the clear
   * or sealed under another key is never kept. Default: the path followed by `.bak`.
   */
  backup?: string | false | undefined;
  /** @internal Access lists. Default: those of Windows on Windows. */
  access?: WindowsAccess | undefined;
  /** Called once per kind of warning. Optional. */
  onWarning?: ((warning: SealedWarning) => void) | undefined;
}

/** Pauses before a file without content is read again: an official client may be between truncating and writing. */
const emptyPauses = [50, 50, 50];

/** The names of {@link SealedFileOptions}, and the kinds of those that {@link sealedFile} does not check by itself. */
export const fileChecks: OptionChecks<SealedFileOptions> = {
  path: anyOption,
  inPlace: anyOption,
  backup: anyOption,
  access: anyOption,
  onWarning: functionOption,
  timeoutMs: waitOptionChecks.timeoutMs,
  sleep: functionOption,
};

/**
 * Creates a byte store over a file. Nothing is read or written before the first use.
 *
 * - Writing is atomic and durable; processes that write at the same time take turns, and what another one wrote
 *   since is never overwritten. Containers that each mount the same single file do not see each other: mount its
 *   directory instead. A new file gets mode 0600, an existing one keeps its own; missing directories are
 *   made. A symbolic link is followed and stays a link.
 * - A file without content is an error while the generation before it is there, and else no configuration yet.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when `path` is empty, or `inPlace` or `backup` malformed; from
 *   its methods when `backup` names a directory or a device
 */
export function sealedFile(options: SealedFileOptions): ByteStore {
  requireOptions(options, fileChecks, "sealedFile");
  if (typeof options?.path !== "string" || options.path === "" || options.path.includes("\0"))
    throw new ArgumentError("Option path must name the configuration file.");
  checkChoice("inPlace", options.inPlace, ["mounts", "anywhere", "nowhere"]);
  const path = resolve(options.path);
  checkBackup(options.backup, path);
  return new SealedFile(path, options);
}

function checkBackup(backup: unknown, path: string): void {
  if (backup === undefined || backup === false) return;
  if (typeof backup !== "string" || backup === "" || backup.includes("\0") || resolve(backup) === path)
    throw new ArgumentError("Option backup must name another file than the configuration's, or be false.");
}

class SealedFile implements ByteStore {
  readonly description: string;
  readonly recovery: string;
  readonly #path: string;
  readonly #backup: string | undefined;
  readonly #options: SealedFileOptions;
  readonly #access: WindowsAccess | undefined;
  readonly #warned = new Set<SealedWarning["kind"]>();
  #swept = false;
  #accessChecked = false;

  constructor(path: string, options: SealedFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#access = options.access ?? platformAccess();
    if (options.backup !== false) this.#backup = resolve(options.backup ?? `${path}.bak`);
    this.description = `file ${path}`;
    this.recovery = this.#backup
      ? `Restore it; the generation before may be in ${this.#backup}`
      : "Restore it from a backup";
  }

  async read(): Promise<StoredBytes | null> {
    if (!this.#swept) await removeStaleTempFiles(this.#path);
    this.#swept = true;
    let content = await this.#readFile(this.#path);
    for (const pause of emptyPauses) {
      if (content?.bytes.length !== 0) break;
      await (this.#options.sleep ?? platformSleep)(pause);
      content = await this.#readFile(this.#path);
    }
    if (content === null) return null;
    if (!this.#accessChecked) await this.#ensurePrivate(this.#path);
    this.#accessChecked = true;
    this.#checkPermissions(content);
    return { bytes: content.bytes };
  }

  async readPrevious(): Promise<StoredBytes | null> {
    if (this.#backup === undefined) return null;
    await this.#checkBackup();
    const content = await this.#readFile(this.#backup);
    return content && { bytes: content.bytes };
  }

  async write(bytes: Uint8Array | null, write: ByteWrite): Promise<void> {
    const { seen, plaintext, keepSeen, keepOlder = keepSeen } = write;
    await this.#checkBackup();
    if (bytes === null) {
      const mayRemove = (current: FileContent): boolean => {
        this.#checkSeen(current, seen);
        return true;
      };
      await mapFileErrors(removeFile(this.#path, mayRemove, this.#fileOptions()));
      if (!keepOlder && this.#backup !== undefined) await dropGeneration(this.#backup);
    } else {
      if (seen === null) await this.#makeDirectory();
      const update = (current: FileContent | null): Uint8Array => {
        this.#checkSeen(current, seen);
        return bytes;
      };
      const options = this.#fileOptions({
        keepMode: !plaintext,
        keepSeen,
        keepOlder,
        filler: plaintext ? 0x20 : undefined,
      });
      await mapFileErrors(replaceFile(this.#path, update, options));
    }
  }

  async remove(): Promise<void> {
    await this.#checkBackup();
    const current = await this.#statFile();
    if (current !== null) {
      if (!current.isFile()) throw this.#unwritable("it is not a regular file");
      this.#checkMode({ mode: current.mode & 0o777 });
      await this.#removeFile();
    }
    if (this.#backup !== undefined) await dropGeneration(this.#backup);
  }

  async checkWritable(): Promise<void> {
    await this.#checkBackup();
    await this.#makeDirectory();
    const current = await this.#readFile(this.#path);
    if (current !== null) this.#checkMode(current);
    await mapFileErrors(probeFile(this.#path, this.#fileOptions()));
  }

  #readFile(path: string): Promise<FileContent | null> {
    return mapFileErrors(readSmallFile(path, maxConfigSize));
  }

  async #statFile(): Promise<Stats | null> {
    try {
      return await stat(this.#path);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return null;
      throw this.#unwritable(systemErrorCode(error), error);
    }
  }

  /** Removes the file; one that its mount holds on to loses its content instead. */
  async #removeFile(): Promise<void> {
    try {
      await mapFileErrors(removeFile(this.#path, () => true, this.#fileOptions())).catch(
        async (error: unknown) => {
          // What is too large to be looked at can be removed all the same.
          if (!(error instanceof StorageError) || error.code !== "ERR_KSM_STORAGE_UNREADABLE") throw error;
          await unlink(await realpath(this.#path));
        },
      );
    } catch (error) {
      const code = systemErrorCode(error instanceof StorageError ? error.cause : error);
      const { inPlace = "mounts" } = this.#options;
      const mayEmpty = inPlace === "mounts" ? /^(?:EBUSY|EXDEV)$/ : /^(?:EBUSY|EXDEV|EPERM|EACCES|EROFS)$/;
      if (inPlace === "nowhere" || !mayEmpty.test(code))
        throw error instanceof StorageError ? error : this.#unwritable(code, error);
      await this.#emptyFile();
    }
  }

  async #emptyFile(): Promise<void> {
    try {
      const handle = await open(this.#path, constants.O_WRONLY);
      try {
        await handle.truncate(0);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw this.#unwritable(systemErrorCode(error), error);
    }
    this.#warn("in-place", `${this.description} cannot be removed and is left without content.`);
  }

  #fileOptions({
    keepMode = true,
    keepSeen = false,
    keepOlder = false,
    filler,
  }: {
    keepMode?: boolean;
    keepSeen?: boolean;
    keepOlder?: boolean;
    filler?: number | undefined;
  } = {}): AtomicFileOptions {
    return {
      filler,
      timeoutMs: this.#options.timeoutMs,
      sleep: this.#options.sleep,
      maxBytes: maxConfigSize,
      keepMode,
      inPlace: this.#options.inPlace ?? "mounts",
      beforeChange: async (target, current, how) => {
        // What must not stay goes before the file that it could be needed for is gone.
        if (keepSeen) await this.#keepGeneration(target, current, how);
        else if (!keepOlder && this.#backup !== undefined) await dropGeneration(this.#backup);
        if (how === "overwrite") {
          await this.#ensurePrivate(target);
          this.#warn(
            "in-place",
            `${this.description} cannot be replaced and is overwritten: a power cut in that moment may tear it. Mount its directory instead of the file.`,
          );
        }
      },
      protect: (temp) => this.#access?.restrict(temp),
    };
  }

  async #keepGeneration(target: string, current: FileContent, how: "replace" | "overwrite"): Promise<void> {
    if (this.#backup === undefined) return;
    try {
      // A second name for the old file costs nothing, but shares the fate of what is overwritten.
      if (how === "overwrite" || !(await linkGeneration(target, this.#backup)))
        await copyGeneration(current.bytes, this.#backup);
    } catch (error) {
      this.#warn(
        "backup",
        `The generation before of ${this.description} could not be kept as ${this.#backup}: ${systemErrorCode(error)}.`,
      );
    }
  }

  /** A mode without any right to write is a decision, though replacing the file would get around it. */
  #checkMode({ mode }: Pick<FileContent, "mode">): void {
    if (process.platform === "win32" || (mode & 0o222) !== 0) return;
    throw new StorageError(
      "ERR_KSM_STORAGE_UNWRITABLE",
      `Cannot write ${this.description}: its mode is 0${mode.toString(8)}. Run: chmod u+w ${this.#path}`,
    );
  }

  /** Before anything is written: a directory there would be found out when the file is in place already. */
  async #checkBackup(): Promise<void> {
    if (this.#backup === undefined) return;
    const found = await stat(this.#backup).catch(() => null);
    if (found !== null && !found.isFile())
      throw new ArgumentError(`Option backup must name a file, but ${this.#backup} is something else.`);
  }

  #unwritable(reason: string, cause?: unknown): StorageError {
    return new StorageError("ERR_KSM_STORAGE_UNWRITABLE", `Cannot write ${this.description}: ${reason}.`, {
      cause,
    });
  }

  #checkSeen(current: FileContent | null, seen: StoredBytes | null): void {
    if (current !== null) this.#checkMode(current);
    if (current === null || seen === null ? current === seen : equalBytes(current.bytes, seen.bytes)) return;
    throw new StorageError(
      "ERR_KSM_STORAGE_CONFLICT",
      `${this.description} was changed by another process since it was read. Nothing was written.`,
    );
  }

  #checkPermissions({ mode }: FileContent): void {
    if (process.platform === "win32" || (mode & 0o077) === 0) return;
    this.#warn(
      "permissions",
      `Others may access ${this.description} (mode 0${mode.toString(8)}). Run: chmod 600 ${this.#path}`,
    );
  }

  async #makeDirectory(): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw this.#unwritable(`its directory cannot be made (${systemErrorCode(error)})`, error);
    }
  }

  async #ensurePrivate(path: string): Promise<void> {
    if (this.#access !== undefined) await mapFileErrors(this.#access.ensurePrivate(path));
  }

  #warn(kind: SealedWarning["kind"], message: string): void {
    if (this.#warned.has(kind)) return;
    this.#warned.add(kind);
    this.#options.onWarning?.({ kind, message });
  }
}
