/** From a one-time token to a configuration that the first read binds (ksm-protocol sections 2 and 4). */
import { decodeBase64, encodeBase64, encodeBase64Url } from "@ksmkit/common";
import { TokenError } from "@ksmkit/core";
import { parseOneTimeToken } from "@ksmkit/core/parts";
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
  const clientId = await getClientId(encodeBase64(secret));
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

async function parseToken(token: string, hostname: string | undefined): ReturnType<typeof parseOneTimeToken> {
  try {
    return await parseOneTimeToken(token, { hostname: hostname || undefined });
  } catch (error) {
    if (!(error instanceof TokenError))
      throw failure(error instanceof Error ? error.message : String(error), error);
    const wording =
      error.code === "ERR_KSM_TOKEN_HOST_MISSING"
        ? "The hostname must be present in the token or as a parameter"
        : (isolatedWording(token) ?? error.message);
    throw failure(wording, error);
  }
}

/** The official words for what can be wrong with the parts that isolated deployments add. */
function isolatedWording(token: unknown): string | undefined {
  const [region = "", , keyId = "", key, ...extra] = typeof token === "string" ? token.split(":") : [];
  if (region.trim().toUpperCase() !== "IL5" || key === undefined) return undefined;
  if (extra.length > 0) {
    return `IL5 token has unexpected extra segments (${4 + extra.length} parts, expected 2 or 4)`;
  }
  // The id comes from outside, but it is no secret: a short one may be shown.
  if (!/^[1-9]\d*$/.test(keyId))
    return `IL5 token: serverPublicKeyId '${keyId.slice(0, 20)}' must be a positive integer`;
  return "IL5 token: serverPublicKey appears malformed";
}
