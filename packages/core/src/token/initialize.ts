/** The steps of a configuration's life as pure functions (ksm-protocol sections 2.3, 7.2 and 12). */
import { encodeBase64, encodeBase64Url } from "@ksmkit/common";
import { provider } from "#crypto";
import { optionalValue, decodeConfigValues } from "../config/config-values.ts";
import { clientIdFor, readClientId, readServerKey } from "../config/identity.ts";
import type { ConfigValues } from "../config/storage.ts";
import { requireSymmetricKey } from "../crypto/key-checks.ts";
import type { Awaitable, PrivateKey } from "../crypto/provider.ts";
import { ConfigError } from "../errors/errors.ts";
import type { ServerKeyText } from "../protocol/server-keys.ts";
import { parseOneTimeToken } from "./one-time-token.ts";

/** What {@link initializeConfig} starts from. */
export interface InitializeOptions extends ServerKeyText {
  /** What the storage holds now. */
  existing: ConfigValues;
  /** One-time token. */
  token: string;
  /** Host for a token without one. Default: the host that the storage names. */
  hostname?: string | undefined;
  /** Makes the device's key pair. Default: the platform's generator. */
  generateKeyPair?: (() => Awaitable<PrivateKey>) | undefined;
}

/**
 * Computes the configuration that a one-time token leads to, without network or storage.
 *
 * - No client yet: the initialized state, unknown keys kept, custom server key stored (option over token
 *   over what was there).
 * - Another client that was never bound: the same, in its place. Its token is spent or was never used.
 * - Already the token's client: `"unchanged"`, whether bound or not. The key pair is never made anew: the
 *   service may have enrolled it already.
 *
 * @throws {@link TokenError} for the token; {@link ConfigError} `ERR_KSM_CONFIG_OTHER_CLIENT` when the
 *   storage holds another client that is bound; {@link ArgumentError} for malformed options
 */
export async function initializeConfig(options: InitializeOptions): Promise<ConfigValues | "unchanged"> {
  const { hostname, secret, serverKey } = await parseOneTimeToken(options.token, {
    hostname: options.hostname ?? optionalValue(options.existing, "hostname"),
  });
  const clientId = await clientIdFor(secret);
  const present = await readClientId(options.existing);
  if (present === clientId) return "unchanged";
  if (present !== undefined && optionalValue(options.existing, "appKey") !== undefined) {
    throw new ConfigError(
      "ERR_KSM_CONFIG_OTHER_CLIENT",
      "The storage holds the bound configuration of a client made from another one-time token. Use another storage, or remove that configuration first.",
    );
  }
  const next: Record<string, string> = { ...decodeConfigValues(options.existing), hostname, clientId };
  // Remains of another client would make the new one look bound, or name a key that it does not have.
  for (const stale of ["appKey", "appOwnerPublicKey", "publicKey"]) delete next[stale];
  if (present !== undefined && hostname !== optionalValue(options.existing, "hostname")) {
    for (const stale of ["serverPublicKey", "serverPublicKeyId"]) delete next[stale];
  }
  next["clientKey"] = encodeBase64(secret);
  if (serverKey !== undefined) {
    next["serverPublicKey"] = encodeBase64Url(serverKey.point);
    next["serverPublicKeyId"] = serverKey.id;
  }
  // Checks whatever is in effect, so that a bad key is reported before the token is spent.
  const chosen = await readServerKey(next, options);
  if (options.serverPublicKey !== undefined) next["serverPublicKey"] = encodeBase64Url(chosen.point);
  if (options.serverPublicKeyId !== undefined) next["serverPublicKeyId"] = chosen.id;
  const keyPair = await (options.generateKeyPair?.() ?? provider.generateKeyPair());
  next["privateKey"] = encodeBase64(await provider.exportPkcs8(keyPair));
  return decodeConfigValues(next);
}

/** What the service answered to the binding request. */
export interface BoundKeys {
  /** Application key, 32 bytes. */
  appKey: Uint8Array;
  /** The application owner's public key, 65 bytes, when it was sent. */
  appOwnerPublicKey?: Uint8Array | undefined;
  /** Id of the server key that worked. */
  serverPublicKeyId: string;
}

/**
 * Computes the bound configuration. The only place where `clientKey` goes away: what replaces it is in the
 * same object, so that no storage ever holds neither.
 *
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID` when the application key is not 32 bytes long
 */
export function boundConfig(values: ConfigValues, keys: BoundKeys): ConfigValues {
  requireSymmetricKey(keys.appKey, "application key");
  const { clientKey: _spent, publicKey: _enrolled, ...kept } = values;
  return decodeConfigValues({
    ...kept,
    appKey: encodeBase64(keys.appKey),
    ...(keys.appOwnerPublicKey && { appOwnerPublicKey: encodeBase64(keys.appOwnerPublicKey) }),
    serverPublicKeyId: keys.serverPublicKeyId,
  });
}
