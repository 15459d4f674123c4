/** Client options from the process environment: what most deployments need and nothing else. */
import { flagOption, functionOption, type OptionChecks } from "@ksmkit/common";
import { readEnvironment, type Environment } from "../config/environment.ts";
import { type ConfigStorage, textStorage } from "../config/storage.ts";
import { ArgumentError } from "../errors/errors.ts";
import { objectOption, requireOptions } from "../errors/require-options.ts";
import { fileStorage, type FileStorageOptions } from "./file-storage.ts";

/** Options of {@link storageFromEnvironment}. */
export interface EnvironmentOptions extends Pick<FileStorageOptions, "strictPermissions" | "onWarning"> {
  /** The variables. Default: `process.env`. */
  env?: Environment | undefined;
}

const checks: OptionChecks<EnvironmentOptions> = {
  env: objectOption,
  strictPermissions: flagOption,
  onWarning: functionOption,
};

/** Options of {@link fromEnvironment}. */
export interface FromEnvironmentOptions extends EnvironmentOptions {
  /** Used when neither `KSM_CONFIG` nor `KSM_CONFIG_FILE` is set. Default: none, which is an error. */
  storage?: ConfigStorage | undefined;
}

/** Client options found in the environment; what is not set there is left out. */
export interface EnvironmentClientOptions {
  /** From `KSM_CONFIG`, else `KSM_CONFIG_FILE`, else as given. */
  storage: ConfigStorage;
  /** From `KSM_TOKEN`, host prefix included. */
  token?: string;
  /** From `KSM_HOSTNAME`. */
  hostname?: string;
  /** From `KSM_SERVER_PUBLIC_KEY`. */
  serverPublicKey?: string;
  /** From `KSM_SERVER_PUBLIC_KEY_ID`. */
  serverPublicKeyId?: string;
  /** Content of the file that `KSM_CA_FILE` names. */
  ca?: string;
  /** False when `KSM_SKIP_VERIFY` is set. */
  verifyCertificates?: boolean;
}

/**
 * Reads client options from the environment (ksm-protocol section 7.4): `KSM_CONFIG`, `KSM_CONFIG_FILE`,
 * `KSM_TOKEN`, `KSM_HOSTNAME`, `KSM_SKIP_VERIFY`, `KSM_CONFIG_SKIP_MODE`, `KSM_CONFIG_SKIP_MODE_WARNING`; and, for
 * isolated deployments and the local vault, `KSM_SERVER_PUBLIC_KEY`, `KSM_SERVER_PUBLIC_KEY_ID`, `KSM_CA_FILE`.
 *
 * No file is assumed when none is named. A token next to a configuration is passed on and must belong to
 * it: the client leaves the configuration of the token's own client as it is and refuses another's.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` for a malformed switch or host, for a
 *   `KSM_CA_FILE` that cannot be read, or when there is no storage; {@link ConfigError} `ERR_KSM_CONFIG_INVALID` when `KSM_CONFIG` is malformed
 * @example
 * ```ts
 * const manager = new SecretsManager({ ...fromEnvironment() });
 * ```
 */
export function fromEnvironment(options: FromEnvironmentOptions = {}): EnvironmentClientOptions {
  requireOptions(options, { ...checks, storage: objectOption }, "fromEnvironment");
  const settings = readEnvironment(options.env ?? process.env);
  const { token, hostname, serverPublicKey, serverPublicKeyId, caFile, skipVerify } = settings;
  const storage = configuredStorage(options) ?? options.storage;
  if (storage === undefined) {
    throw new ArgumentError(
      "There is no configuration storage: set KSM_CONFIG or KSM_CONFIG_FILE, or set option storage.",
    );
  }
  return {
    storage,
    ...(token !== undefined && { token }),
    ...(hostname !== undefined && { hostname }),
    ...(serverPublicKey !== undefined && { serverPublicKey }),
    ...(serverPublicKeyId !== undefined && { serverPublicKeyId }),
    ...(caFile !== undefined && { ca: readAuthorities(caFile) }),
    ...(skipVerify && { verifyCertificates: false }),
  };
}

/** Read at once: the option `ca` holds certificates, and a wrong path is reported where the client is made. */
function readAuthorities(path: string): string {
  try {
    // Its namespace, which an import makes, costs 7 ms (docs/decisions/0004-bundled-output.md).
    return process.getBuiltinModule("node:fs").readFileSync(path, "utf8");
  } catch (cause) {
    throw new ArgumentError("Environment variable KSM_CA_FILE must name a PEM file that can be read.", {
      cause,
    });
  }
}

/** The storage part of {@link fromEnvironment}; `undefined` when neither variable is set. */
export function storageFromEnvironment(options: EnvironmentOptions = {}): ConfigStorage | undefined {
  requireOptions(options, checks, "storageFromEnvironment");
  return configuredStorage(options);
}

function configuredStorage(options: EnvironmentOptions): ConfigStorage | undefined {
  const settings = readEnvironment(options.env ?? process.env);
  if (settings.config !== undefined) return textStorage(settings.config, { source: "KSM_CONFIG" });
  if (settings.configFile === undefined) return undefined;
  return fileStorage({
    path: settings.configFile,
    strictPermissions: options.strictPermissions,
    skipMode: settings.skipMode,
    onWarning: settings.skipModeWarning ? undefined : options.onWarning,
  });
}
