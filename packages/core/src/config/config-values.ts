/** The flat object of texts that a configuration is, checked and compared. */
import { ConfigError } from "../errors/config-error.ts";
import { StorageError } from "../errors/storage-error.ts";
import { describeKey } from "./config-keys.ts";
import type { ConfigValues, SaveOptions } from "./storage.ts";

/**
 * Decodes outside data into configuration values (ksm-protocol section 7.3): numbers and booleans become
 * texts; null and empty text mean absent; unknown keys stay. The result is a frozen copy.
 *
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_INVALID` for anything but an object of such values
 */
export function decodeConfigValues(data: unknown): ConfigValues {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new ConfigError("ERR_KSM_CONFIG_INVALID", "The configuration is not a JSON object.");
  }
  const entries: [string, string][] = [];
  for (const [key, value] of Object.entries(data) as [string, unknown][]) {
    if (value === null || value === undefined || value === "") continue;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw new ConfigError(
        "ERR_KSM_CONFIG_INVALID",
        `The configuration holds something other than text at ${describeKey(key)}.`,
      );
    }
    entries.push([key, String(value)]);
  }
  // fromEntries defines own properties, so that a key named `__proto__` is data like any other.
  return Object.freeze(Object.fromEntries(entries));
}

/** True when both hold the same keys with the same texts, in any order. */
export function sameConfig(a: ConfigValues, b: ConfigValues): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  );
}

/**
 * Refuses a save whose caller believed something else to be stored; for implementations of `ConfigStorage`.
 *
 * @throws {@link StorageError} `ERR_KSM_STORAGE_CONFLICT`
 */
export function checkExpected(
  current: ConfigValues,
  options: SaveOptions | undefined,
  description: string,
): void {
  if (options?.expected === undefined || sameConfig(current, decodeConfigValues(options.expected))) return;
  throw new StorageError(
    "ERR_KSM_STORAGE_CONFLICT",
    `The configuration in ${description} was changed by someone else since it was read. Nothing was written; load it again.`,
  );
}
