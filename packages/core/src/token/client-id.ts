/** The client id that a one-time token leads to (ksm-protocol section 4, vectors `clientId`). */
import { encodeBase64, utf8Bytes } from "@ksmkit/common";
import { provider } from "#crypto";

/**
 * Derives the client id from a token's secret: base64 of
 * `HMAC-SHA-512(secret, "KEEPER_SECRETS_MANAGER_CLIENT_ID")`, 88 characters.
 *
 * @param secret 32 bytes
 */
export async function clientIdFor(secret: Uint8Array): Promise<string> {
  return encodeBase64(await provider.hmac("SHA-512", secret, utf8Bytes("KEEPER_SECRETS_MANAGER_CLIENT_ID")));
}
