/** The client id that a one-time token's secret leads to (ksm-protocol 4). */
import { createHmac } from "node:crypto";

/** Derives the client id (88 base64 characters) from the 32 secret bytes of a token. */
export function deriveClientId(secret: Uint8Array): string {
  return createHmac("sha512", secret).update("KEEPER_SECRETS_MANAGER_CLIENT_ID").digest("base64");
}
