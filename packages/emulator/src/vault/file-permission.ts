/** Short-lived signed file URLs and upload parameters, as an object store issues them. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { utf8Bytes } from "@ksmkit/common";
import type { ServerState } from "./state.ts";

/** How long a URL or an upload permission is good. */
export const urlLifetimeMs = 3_600_000;

/** What a signature permits. */
export type FileUse = "content" | "thumbnail" | "upload";

/** Signs the permission to use one file until a moment. */
export function signFileUse(state: ServerState, use: FileUse, fileUid: string, expires: string): string {
  return createHmac("sha256", state.urlKey).update(`${use} ${fileUid} ${expires}`).digest("base64url");
}

/** True when the signature is right and the moment has not passed. */
export function mayUseFile(
  state: ServerState,
  use: FileUse,
  fileUid: string,
  expires: string,
  signature: string,
  now: number,
): boolean {
  const expected = utf8Bytes(signFileUse(state, use, fileUid, expires));
  const received = utf8Bytes(signature);
  return received.length === expected.length && timingSafeEqual(received, expected) && Number(expires) > now;
}

/** The URL of a file's content or thumbnail. */
export function fileUrl(
  state: ServerState,
  origin: string,
  use: "content" | "thumbnail",
  uid: string,
  now: number,
): string {
  const expires = String(now + urlLifetimeMs);
  return `${origin}/files/${uid}/${use}?expires=${expires}&signature=${signFileUse(state, use, uid, expires)}`;
}
