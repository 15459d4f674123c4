/** A store in a directory: one private file for each entry. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { removeStaleTempFiles, systemErrorCode } from "@ksmkit/common/files";
import { refuseOption } from "../errors/cache-error.ts";
import type { CacheStore } from "../store/cache-store.ts";
import { cacheDirectory, type CacheEnvironment } from "./cache-directory.ts";
import {
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
  type PrivateFileOptions,
} from "./private-file.ts";

/** Options of {@link fileStore}. */
export interface FileStoreOptions extends PrivateFileOptions {
  /** The directory, made at the first write. Default: {@link cacheDirectory}, asked anew at each use. */
  directory?: string | undefined;
  /** Variables for the default. Default: `process.env`. */
  env?: CacheEnvironment | undefined;
}

const suffix = ".ksmcache";

/**
 * Keeps sealed entries in files. Any number of processes may use one directory.
 *
 * - A write is atomic and durable, and the file is private (0600) afterwards, whatever it was before. A symbolic link
 *   in its place is replaced; what it leads to stays as it is, and is not read.
 * - A file that others may read, or in a directory where they may replace it, is used, since its content is sealed, and
 *   raises a `permissions` event; `strictPermissions` refuses it.
 *
 * @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID`
 * @example
 * ```ts
 * const cache = new DisasterCache({ store: fileStore({ directory: "/var/cache/app" }) });
 * ```
 */
export function fileStore(options: FileStoreOptions = {}): CacheStore {
  const { directory, env = process.env } = options;
  if (directory !== undefined && (typeof directory !== "string" || directory === "")) {
    throw refuseOption("directory", "text that names a directory");
  }
  // A relative path means the working directory of now; the variable counts when it is used, as documented.
  const fixed = directory === undefined ? undefined : resolve(directory);
  const folder = (): string => fixed ?? cacheDirectory(env);
  const pathOf = (name: string): string => join(folder(), name + suffix);
  return {
    get description() {
      return `directory ${folder()}`;
    },
    read: async (name, warn) => (await readPrivateFile(pathOf(name), options, warn))?.bytes ?? null,
    update: (name, decide) => writePrivateFile(pathOf(name), decide, options),
    remove: async (name) => {
      const path = pathOf(name);
      await removePrivateFile(path);
      // Temp files of killed writers hold the same sealed bytes.
      await removeStaleTempFiles(path);
    },
    list: async (prefix) => {
      try {
        const names = await readdir(folder());
        return names
          .filter((name) => name.startsWith(prefix) && name.endsWith(suffix))
          .map((name) => name.slice(0, -suffix.length));
      } catch (error) {
        if (systemErrorCode(error) === "ENOENT") return [];
        throw error;
      }
    },
  };
}
