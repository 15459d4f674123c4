/** The flat object of texts that a configuration is: its keys, its checks, its byte values (ksm-protocol section 7). */
import { ConfigError, StorageError } from "../errors/errors.ts";
import type { ConfigValues, SaveOptions } from "./storage.ts";
import { decodeBase64, stripWhitespace } from "@ksmkit/common";

/** The keys that this package reads or writes, each with the name used in messages. */
const labels = {
  hostname: "hostname",
  clientId: "Client Id",
  clientKey: "clientKey",
  privateKey: "privateKey",
  appKey: "appKey",
  appOwnerPublicKey: "Application owner public key",
  serverPublicKeyId: "serverPublicKeyId",
  serverPublicKey: "serverPublicKey",
} as const;

/** A key that this package reads or writes. Others are kept as they are. */
export type ConfigKey = keyof typeof labels;

/** Names a key in a message. A key we do not know may itself be content, so it is not quoted. */
export function describeKey(key: string): string {
  return Object.hasOwn(labels, key) ? `'${key}'` : "one of its keys";
}

/** Reads a key; `undefined` when it is absent or empty. */
export function optionalValue(values: ConfigValues, key: ConfigKey): string | undefined {
  return (Object.hasOwn(values, key) && values[key]) || undefined;
}

/**
 * Reads a key that the call cannot do without.
 *
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_KEY_MISSING`
 */
export function requiredValue(values: ConfigValues, key: ConfigKey): string {
  const value = optionalValue(values, key);
  if (value !== undefined) return value;
  throw new ConfigError(
    "ERR_KSM_CONFIG_KEY_MISSING",
    `${labels[key]} is missing from the configuration (key '${key}'). Restore the configuration; only where no copy is left, initialize again with a fresh one-time token.`,
  );
}

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

/**
 * Decodes a byte value: base64 of either alphabet, padded or not, with whitespace anywhere.
 *
 * @param key names the value in the error; the value itself is never quoted.
 * @param length number of bytes it must have. Default: any.
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_INVALID`
 */
export function decodeConfigBytes(text: string, key: string, length?: number): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64(stripWhitespace(text));
  if (bytes !== null && (length === undefined || bytes.length === length)) return bytes;
  throw new ConfigError(
    "ERR_KSM_CONFIG_INVALID",
    `Configuration key '${key}' is not ${bytes ? `${length} bytes long` : "base64"}. Restore the configuration, or initialize again with a fresh one-time token.`,
  );
}
