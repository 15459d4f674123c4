/** Identifiers of the protocol: client ids (ksm-protocol 4) and UIDs, 16 random bytes as 22 base64url characters (14). */
import { createHmac } from "node:crypto";
import { encodeBase64Url, type Random } from "@ksmkit/common";

const pattern = /^[A-Za-z0-9_-]{22}$/;

/** True for text of the UID form. */
export function isUid(text: string): boolean {
  return pattern.test(text);
}

/** Draws a UID that does not start with `-` or `_`, which would break command lines. */
export function generateUid(random: Random): string {
  const bytes = random(16);
  for (let draw = 1; draw < 8 && hasLeadingDash(bytes); draw++) bytes.set(random(16));
  if (hasLeadingDash(bytes)) bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return encodeBase64Url(bytes);
}

function hasLeadingDash(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0xf8) === 0xf8;
}

/** Derives the client id (88 base64 characters) from the 32 secret bytes of a token. */
export function deriveClientId(secret: Uint8Array): string {
  return createHmac("sha512", secret).update("KEEPER_SECRETS_MANAGER_CLIENT_ID").digest("base64");
}
