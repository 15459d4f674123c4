/** What a client needs from its configuration, decoded and checked (ksm-protocol sections 4, 6 and 7). */
import { decodeBase64, encodeBase64, stripWhitespace, utf8Bytes } from "@ksmkit/common";
import { provider } from "#crypto";
import type { PublicKey } from "../crypto/provider.ts";
import { ArgumentError, ConfigError, CryptoError } from "../errors/errors.ts";
import { hostForms, hostOption, resolveHost } from "../protocol/host.ts";
import {
  customServerKey,
  defaultServerKey,
  defaultServerKeyId,
  isServerKeyId,
  serverKeyFor,
  type ServerKey,
  type ServerKeyText,
} from "../protocol/server-keys.ts";
import { decodeConfigBytes, optionalValue, requiredValue, type ConfigKey } from "./config-values.ts";
import type { ConfigValues } from "./storage.ts";

/**
 * Derives the client id from a token's secret: base64 of
 * `HMAC-SHA-512(secret, "KEEPER_SECRETS_MANAGER_CLIENT_ID")`, 88 characters.
 *
 * @param secret 32 bytes
 */
export async function clientIdFor(secret: Uint8Array): Promise<string> {
  return encodeBase64(await provider.hmac("SHA-512", secret, utf8Bytes("KEEPER_SECRETS_MANAGER_CLIENT_ID")));
}

/** The client and host that a configuration names, in forms that can be compared. */
export interface NamedIdentity {
  readonly clientId: string | undefined;
  readonly hostname: string | undefined;
}

/** Reads which client and host a configuration names, complete or not. The token's secret stands for its client id. */
export async function namedIdentity(values: ConfigValues): Promise<NamedIdentity> {
  const secret = decodeBase64(stripWhitespace(optionalValue(values, "clientKey") ?? ""));
  const hostname = optionalValue(values, "hostname");
  return {
    clientId:
      optionalValue(values, "clientId") ?? (secret?.length === 32 ? await clientIdFor(secret) : undefined),
    hostname: hostname === undefined ? undefined : (resolveHost(hostname) ?? hostname),
  };
}

/** Whether a text names a host: region code, host, `host:port` or `https://host[:port]`. */
export function isHost(text: string): boolean {
  return resolveHost(text) !== null;
}

/** Who a client is. Bound when {@link DeviceIdentity.appKey} is there, else still to be bound with `clientKey`. */
export interface DeviceIdentity {
  /** `host` or `host:port`. */
  readonly hostname: string;
  /** Base64 of 64 bytes in its standard form, sent as it is. */
  readonly clientId: string;
  /** Private key in any of the encodings of section 5.1, for `importPrivateKey`. */
  readonly privateKey: Uint8Array<ArrayBuffer>;
  /** Application key, 32 bytes. Absent until bound. */
  readonly appKey: Uint8Array<ArrayBuffer> | undefined;
  /** Secret of the one-time token, 32 bytes. Absent when bound. */
  readonly clientKey: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Reads the identity from a configuration.
 *
 * @param hostname overrides the configured host: region code, host, `host:port` or `https://host[:port]`
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_KEY_MISSING`, `ERR_KSM_CONFIG_INVALID`; {@link ArgumentError}
 *   `ERR_KSM_ARGUMENT_INVALID` for a malformed `hostname`
 */
export async function readIdentity(values: ConfigValues, hostname?: string): Promise<DeviceIdentity> {
  const bound = optionalValue(values, "appKey") !== undefined;
  const clientKey = !bound && optionalValue(values, "clientKey") !== undefined;
  return {
    hostname: hostname === undefined ? configuredHost(values) : hostOption(hostname),
    clientId: (await readClientId(values)) ?? encodeBase64(requiredBytes(values, "clientId", 64)),
    privateKey: requiredBytes(values, "privateKey"),
    // Without either key there is nothing to bind with: the error names the one that users know.
    appKey: clientKey ? undefined : requiredBytes(values, "appKey", 32),
    clientKey: clientKey ? requiredBytes(values, "clientKey", 32) : undefined,
  };
}

/**
 * Reads the client id; one that is not stored follows from the secret of the one-time token.
 *
 * @returns `undefined` when the configuration holds neither
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_INVALID`
 */
export async function readClientId(values: ConfigValues): Promise<string | undefined> {
  if (optionalValue(values, "clientId") !== undefined) {
    return encodeBase64(requiredBytes(values, "clientId", 64));
  }
  if (optionalValue(values, "clientKey") === undefined) return undefined;
  return clientIdFor(requiredBytes(values, "clientKey", 32));
}

/**
 * Chooses the server key: option over configuration, value by value; what a token said is in the
 * configuration by now. A built-in id that this version does not know selects the default key, and the
 * service names the right one; an unknown id among the options is an error.
 *
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_INVALID` or {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 *   when a key or id is malformed
 */
export async function readServerKey(values: ConfigValues, options: ServerKeyText = {}): Promise<ServerKey> {
  const optionFault = (reason: string): ArgumentError =>
    new ArgumentError(`Server key options are unusable: ${reason}.`);
  const configFault = (reason: string): ConfigError =>
    new ConfigError("ERR_KSM_CONFIG_INVALID", `The configuration's server key is unusable: ${reason}.`);
  const id = options.serverPublicKeyId ?? optionalValue(values, "serverPublicKeyId");
  const idFault = options.serverPublicKeyId === undefined ? configFault : optionFault;
  if (id !== undefined && !isServerKeyId(id)) throw idFault("the id must be a positive integer");
  const key = options.serverPublicKey ?? optionalValue(values, "serverPublicKey");
  if (key !== undefined) {
    return customServerKey(key, id, options.serverPublicKey === undefined ? configFault : optionFault);
  }
  const known = serverKeyFor(id ?? defaultServerKeyId);
  if (known !== undefined) return known;
  if (options.serverPublicKeyId !== undefined) {
    throw optionFault("this id is not built in, so its serverPublicKey is needed too");
  }
  return defaultServerKey();
}

/**
 * Reads the application owner's public key, which creating records and uploading files needs.
 *
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_KEY_MISSING`, `ERR_KSM_CONFIG_INVALID`
 */
export async function readOwnerKey(values: ConfigValues): Promise<PublicKey> {
  const point = requiredBytes(values, "appOwnerPublicKey", 65);
  try {
    return await provider.importPoint(point);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    throw new ConfigError(
      "ERR_KSM_CONFIG_INVALID",
      "Configuration key 'appOwnerPublicKey' is not a P-256 public key. Initialize again with a fresh one-time token.",
    );
  }
}

function requiredBytes(values: ConfigValues, key: ConfigKey, length?: number): Uint8Array<ArrayBuffer> {
  return decodeConfigBytes(requiredValue(values, key), key, length);
}

function configuredHost(values: ConfigValues): string {
  const host = resolveHost(requiredValue(values, "hostname"));
  if (host !== null) return host;
  throw new ConfigError("ERR_KSM_CONFIG_INVALID", `Configuration key 'hostname' must be ${hostForms}.`);
}
