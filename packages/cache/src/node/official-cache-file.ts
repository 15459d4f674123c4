/** Where the vendor's SDKs keep their cache files (ksm-protocol section 20). */
import { join, resolve } from "node:path";
import { refuseOption } from "../errors/cache-error.ts";
import type { OfficialCacheLocation } from "../official/official-cache.ts";
import type { CacheEnvironment } from "./cache-directory.ts";
import {
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
  type PrivateFileOptions,
} from "./private-file.ts";

/** Options of {@link officialCacheFile}. */
export interface OfficialCacheFileOptions extends PrivateFileOptions {
  /**
   * Whose file: `python` is `ksm_cache.bin` in `KSM_CACHE_DIR`, else in the working directory, also that of the Go,
   * Ruby and Rust SDKs; `javascript` is `cache.dat` in the working directory. Default: `python`.
   */
  sdk?: "python" | "javascript" | undefined;
  /** The file itself, instead of where the SDK looks for it. */
  path?: string | undefined;
  /** Writes the file too. Default: false, because the key lies in it in clear. */
  write?: boolean | undefined;
  /** Variables. Default: `process.env`, read at each use. */
  env?: CacheEnvironment | undefined;
}

/**
 * The cache file of a vendor's SDK, for the `official` option of `DisasterCache`. A symbolic link in its place is not
 * read, and replaced by a write.
 *
 * @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID`
 * @example
 * ```ts
 * new DisasterCache({ store: fileStore(), official: officialCacheFile({ sdk: "javascript", write: true }) });
 * ```
 */
export function officialCacheFile(options: OfficialCacheFileOptions = {}): OfficialCacheLocation {
  const { sdk = "python", path, write = false, env = process.env } = options;
  if (sdk !== "python" && sdk !== "javascript") throw refuseOption("sdk", '"python" or "javascript"');
  if (path !== undefined && (typeof path !== "string" || path === ""))
    throw refuseOption("path", "a file name");
  const fixed = path === undefined ? undefined : resolve(path);
  const place = (): string => {
    if (fixed !== undefined) return fixed;
    return sdk === "python"
      ? join(resolve(env["KSM_CACHE_DIR"] || "."), "ksm_cache.bin")
      : resolve("cache.dat");
  };
  return {
    get description() {
      return `file ${place()}`;
    },
    writable: write,
    read: async (warn) => {
      const content = await readPrivateFile(place(), options, warn);
      return content && { bytes: content.bytes, writtenAt: content.modifiedAt };
    },
    write: (bytes, warn) => writePrivateFile(place(), bytes, options, warn),
    remove: () => removePrivateFile(place()),
  };
}
