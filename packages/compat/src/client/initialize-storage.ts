/** From a one-time token to a configuration that the first read binds (ksm-protocol sections 2 and 4). */
import { decodeBase64, encodeBase64Url } from "@ksmkit/common";
import { TokenError } from "@ksmkit/core";
import { customServerKey, resolveHost, type ServerKey } from "@ksmkit/core/internal";
import { failure, KeeperError } from "../errors.ts";
import { platform } from "../platform/connect.ts";
import type { KeyValueStorage } from "../types/platform.ts";

const clientIdTag = "KEEPER_SECRETS_MANAGER_CLIENT_ID";

/** The client id that a one-time token's secret leads to. */
export const getClientId = async (clientKey: string): Promise<string> => {
  if (clientKey === null || clientKey === undefined) {
    throw new KeeperError(`webSafe64ToRegular: received ${String(clientKey)}`);
  }
  const secret = decodeBase64(clientKey) ?? platform.base64ToBytes(clientKey);
  return platform.bytesToBase64(await platform.hash(secret, clientIdTag));
};

/**
 * Prepares a storage with a one-time token; the first `getSecrets` spends it. A storage that was prepared with
 * the same token is left as it is.
 *
 * @param hostName for a token without region or host
 * @throws `Error` for a malformed token, and for a storage of another client; nothing is stored then
 */
export const initializeStorage = async (
  storage: KeyValueStorage,
  oneTimeToken: string,
  hostName?: string | "keepersecurity.com" | "keepersecurity.eu" | "keepersecurity.au",
): Promise<void> => {
  const { hostname, secret, serverKey } = await parseToken(oneTimeToken, hostName);
  const clientId = platform.bytesToBase64(await platform.hash(secret, clientIdTag));
  const existing = await storage.getString("clientId");
  if (existing) {
    if (existing === clientId) return;
    throw failure(`The storage is already initialized with a different client Id (${existing})`);
  }
  if (serverKey !== undefined) {
    await storage.saveString("serverPublicKeyId", serverKey.id);
    await storage.saveString("serverPublicKey", encodeBase64Url(serverKey.point));
  }
  await storage.saveString("hostname", hostname);
  await platform.importKey("clientKey", secret, storage);
  await platform.generatePrivateKey("privateKey", storage);
  // Last, because it is what says that the storage is complete: values are saved one by one.
  await storage.saveString("clientId", clientId);
};

/** What a one-time token says. */
interface Token {
  readonly hostname: string;
  readonly secret: Uint8Array;
  /** Server key of an isolated deployment. */
  readonly serverKey: ServerKey | undefined;
}

/**
 * Takes what the official SDK takes: a secret of any length, and further segments that mean nothing except in
 * isolated deployments. Everything is checked before anything is stored; no message quotes the token.
 */
async function parseToken(token: string, hostName: string | undefined): Promise<Token> {
  const segments = token.split(":").map((segment) => segment.trim());
  const [first = "", second] = segments;
  if (second === undefined) {
    if (!hostName) throw failure("The hostname must be present in the token or as a parameter");
    return { hostname: hostOf(hostName), secret: secretOf(first), serverKey: undefined };
  }
  const serverKey = first.toUpperCase() === "IL5" ? await isolatedKey(segments) : undefined;
  return { hostname: hostOf(first), secret: secretOf(second), serverKey };
}

async function isolatedKey(segments: readonly string[]): Promise<ServerKey | undefined> {
  const [, , keyId = "", key] = segments;
  if (segments.length > 4) {
    throw failure(`IL5 token has unexpected extra segments (${segments.length} parts, expected 2 or 4)`);
  }
  if (key === undefined) return undefined;
  if (!/^[1-9]\d{0,9}$/.test(keyId)) {
    // It comes from outside, but it is no secret: a short one may be shown.
    throw failure(`IL5 token: serverPublicKeyId '${keyId.slice(0, 20)}' must be a positive integer`);
  }
  return customServerKey(
    key,
    keyId,
    () => new TokenError("ERR_KSM_TOKEN_INVALID", "IL5 token: serverPublicKey appears malformed"),
  );
}

function hostOf(text: string): string {
  const host = resolveHost(text);
  if (host !== null) return host;
  throw failure(
    "The one-time token is malformed: what stands for the host is neither a region nor a host name",
  );
}

function secretOf(segment: string): Uint8Array {
  const secret = decodeBase64(segment) ?? platform.base64ToBytes(segment);
  if (secret.length > 0) return secret;
  throw failure("The one-time token is malformed: its secret is empty");
}
