/** A sealed configuration in a file, or wherever the caller says: what the packages for key services build on. */
import { anyOption, objectOption, pickOptions, requireOptions } from "../errors/require-options.ts";
import { textOption, type OptionChecks } from "@ksmkit/common";
import { readEnvironment, type Environment } from "../config/environment.ts";
import type { ByteStore } from "../sealed/byte-store.ts";
import type { KeyWrapper } from "../sealed/key-wrapper.ts";
import { sealedStorage, type SealedStorage } from "../sealed/sealed-storage.ts";
import { type SealingOptions, sealingChecks } from "../sealed/sealing-options.ts";
import { sealedFile, type SealedFileOptions, fileChecks } from "./sealed-file.ts";

/** Options that every storage over a key service shares. */
export interface SealedPlaceOptions extends SealingOptions, Omit<SealedFileOptions, "path" | "onWarning"> {
  /** The file. Default: `KSM_CONFIG_FILE` from the environment, else `client-config.json`. */
  path?: string | undefined;
  /** Another place than a file; the options about files are then unused. */
  store?: ByteStore | undefined;
  /** The environment variables. Default: `process.env`. */
  env?: Environment | undefined;
}

/** Options of {@link sealedFileStorage}. */
export interface SealedFileStorageOptions extends SealedPlaceOptions {
  /** The key that the configuration is sealed under. */
  wrapper: KeyWrapper;
}

/** The checks of {@link SealedPlaceOptions}, for packages of key services that add their own. */
export const sealedPlaceChecks: OptionChecks<SealedPlaceOptions> = {
  ...fileChecks,
  ...sealingChecks,
  path: textOption,
  store: objectOption,
  env: objectOption,
};

/**
 * Creates the sealed storage that the package of a key service returns. Nothing is read or written before the first use.
 *
 * @example
 * ```ts
 * const storage = sealedFileStorage({ path: "/etc/app/ksm.bin", wrapper: myKeyWrapper });
 * ```
 */
export function sealedFileStorage(options: SealedFileStorageOptions): SealedStorage {
  requireOptions(options, { wrapper: anyOption, ...sealedPlaceChecks }, "sealedFileStorage");
  return sealedStorage({
    ...pickOptions(options, sealingChecks),
    wrapper: options.wrapper,
    store: options.store ?? sealedFile(pickOptions({ ...options, path: pathOf(options) }, fileChecks)),
  });
}

/** An empty text counts as none. */
function pathOf({ path, env = process.env }: SealedPlaceOptions): string {
  return (
    path || readEnvironment({ KSM_CONFIG_FILE: env["KSM_CONFIG_FILE"] }).configFile || "client-config.json"
  );
}
