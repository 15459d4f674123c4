/** A device configuration in a file (ksm-protocol section 7.5). */
import { objectOption, requireOptions } from "../errors/require-options.ts";
import { resolve } from "node:path";
import { utf8Bytes, flagOption, functionOption, waitOptionChecks, type OptionChecks } from "@ksmkit/common";
import {
  copyGeneration,
  linkGeneration,
  probeFile,
  readSmallFile,
  removeFile,
  removeStaleTempFiles,
  replaceFile,
  platformAccess,
  type AtomicFileOptions,
  type FileContent,
  type LockOptions,
  type WindowsAccess,
} from "@ksmkit/common/files";
import { formatConfigJson, maxConfigSize, parseConfigBytes } from "../config/config-text.ts";
import { checkExpected, decodeConfigValues, sameConfig } from "../config/config-values.ts";
import type { ConfigStorage, ConfigValues } from "../config/storage.ts";
import { ConfigError, StorageError } from "../errors/errors.ts";
import { mapFileErrors } from "./map-file-errors.ts";

/** Something about the file that deserves attention but stops nothing. */
export interface StorageWarning {
  /** `permissions`: others may read the file. */
  readonly kind: "permissions";
  /** The file. */
  readonly path: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** Options of {@link fileStorage}. */
export interface FileStorageOptions extends Omit<LockOptions, "signal"> {
  /**
   * The file. A relative path is resolved against the working directory at once. Default: `client-config.json`, the
   * name that the vendor's clients use.
   */
  path?: string | undefined;
  /** Refuses to read a file that group or others may access. Default: false, which warns. */
  strictPermissions?: boolean | undefined;
  /** Neither checks nor changes the permissions of an existing file. Default: false. */
  skipMode?: boolean | undefined;
  /** @internal Access lists. Default: those of Windows on Windows. */
  access?: WindowsAccess | undefined;
  /** Called once per kind of warning. Default: `process.emitWarning`. */
  onWarning?: ((warning: StorageWarning) => void) | undefined;
}

const checks: OptionChecks<FileStorageOptions> = {
  path: {
    accepts: (value) => typeof value === "string" && value !== "" && !value.includes("\0"),
    expected: "the name of the configuration file",
  },
  strictPermissions: flagOption,
  skipMode: flagOption,
  access: objectOption,
  onWarning: functionOption,
  timeoutMs: waitOptionChecks.timeoutMs,
  sleep: functionOption,
};

/**
 * Creates a storage over a JSON file; base64 is read too. Nothing is touched before the first use.
 *
 * - A save is atomic and durable, and the file is private (0600) afterwards. Processes that save at the same
 *   time take turns.
 * - An empty, damaged, oversized (1 MiB) or unreadable file is an error, for reading and for saving alike: it
 *   is never taken for "nothing stored yet" and never overwritten.
 * - On Windows, the file is restricted to the current user and the administrators when it is saved, and when a group
 *   such as Everyone has access to it when it is first loaded. Where that fails, nothing is saved or loaded.
 * - A symbolic link is followed and stays a link.
 * - A configuration that never bound and makes room for a new one-time token is kept as `<path>.bak`.
 * - What a killed process left in the directory is removed on the next use; after ten seconds when the
 *   process ran on another host.
 *
 * Methods throw {@link StorageError} `ERR_KSM_STORAGE_UNREADABLE`, `_UNWRITABLE`, `_CONFLICT` or `_PERMISSIONS`.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when `path` is empty
 * @example
 * ```ts
 * const storage = fileStorage({ path: "/etc/app/ksm.json", strictPermissions: true });
 * ```
 */
export function fileStorage(options: FileStorageOptions = {}): ConfigStorage {
  requireOptions(options, checks, "fileStorage");
  const { path: name = "client-config.json" } = options;
  const path = resolve(name);
  const description = `file ${path}`;
  const access = options.skipMode ? undefined : (options.access ?? platformAccess());
  const windows = process.platform === "win32";
  const warned = new Set<StorageWarning["kind"]>();
  const warn = (kind: StorageWarning["kind"], message: string): void => {
    if (warned.has(kind)) return;
    warned.add(kind);
    if (options.onWarning) options.onWarning({ kind, path, message });
    else process.emitWarning(message, "KsmStorageWarning");
  };
  const fileOptions: AtomicFileOptions = {
    timeoutMs: options.timeoutMs,
    sleep: options.sleep,
    maxBytes: maxConfigSize,
    keepMode: options.skipMode,
    filler: 0x0a,
    protect: access && ((temp) => access.restrict(temp)),
    beforeChange:
      access &&
      (async (target, _current, how) => {
        // A new file is restricted before it gets its name; this one keeps its access list.
        if (how === "overwrite") await access.ensurePrivate(target);
      }),
  };
  /** A second name for the old file costs nothing, but shares the fate of what is overwritten. */
  const keepPrevious: AtomicFileOptions["beforeChange"] = async (target, current, how) => {
    await fileOptions.beforeChange?.(target, current, how);
    if (how === "overwrite" || !(await linkGeneration(target, `${path}.bak`)))
      await copyGeneration(current.bytes, `${path}.bak`);
  };
  let swept = false;
  let checked = false;
  /** What this object put where no file was. */
  let created: ConfigValues | undefined;

  const checkPermissions = ({ mode }: FileContent): void => {
    if (windows || options.skipMode || (mode & 0o077) === 0) return;
    const message = `Others may access ${description} (mode 0${mode.toString(8)}). Run: chmod 600 ${path}`;
    if (options.strictPermissions) throw new StorageError("ERR_KSM_STORAGE_PERMISSIONS", message);
    warn("permissions", message);
  };

  return {
    description,
    load: async () => {
      if (!swept) await removeStaleTempFiles(path);
      swept = true;
      const content = await mapFileErrors(readSmallFile(path, maxConfigSize));
      if (content === null) return decodeConfigValues({});
      if (access !== undefined && !checked) await mapFileErrors(access.ensurePrivate(path));
      checked = true;
      checkPermissions(content);
      return parse(content, description);
    },
    save: async (values, saveOptions) => {
      const next = decodeConfigValues(values);
      let isNew = false;
      const update = (content: FileContent | null): Uint8Array => {
        checkExpected(content === null ? {} : parse(content, description), saveOptions, description);
        isNew = content === null;
        return utf8Bytes(formatConfigJson(next));
      };
      await mapFileErrors(
        replaceFile(
          path,
          update,
          saveOptions?.keepPrevious ? { ...fileOptions, beforeChange: keepPrevious } : fileOptions,
        ),
      );
      if (isNew || created !== undefined) created = next;
    },
    checkWritable: () => mapFileErrors(probeFile(path, fileOptions)),
    discard: async (expected) => {
      const mine = expected ?? created;
      if (mine === undefined) return;
      // What another process wrote there since is left alone.
      const isMine = (content: FileContent): boolean => sameConfig(parse(content, description), mine);
      await mapFileErrors(removeFile(path, isMine, fileOptions));
      created = undefined;
    },
  };
}

function parse({ bytes }: FileContent, description: string): ConfigValues {
  try {
    return parseConfigBytes(bytes);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new StorageError(
      "ERR_KSM_STORAGE_UNREADABLE",
      `${error.message.slice(0, -1)} in ${description}. It is left as it is: restore it, or remove it and initialize again with a fresh one-time token.`,
      { cause: error },
    );
  }
}
