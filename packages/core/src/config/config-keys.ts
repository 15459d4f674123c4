/** Names of the configuration keys (ksm-protocol section 7.1) and access to the required ones. */
import { ConfigError } from "../errors/config-error.ts";
import type { ConfigValues } from "./storage.ts";

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
    `${labels[key]} is missing from the configuration (key '${key}'). Initialize again with a fresh one-time token.`,
  );
}
