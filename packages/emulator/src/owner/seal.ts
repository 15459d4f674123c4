/** Makes the server's objects out of the owner's plaintext (ksm-protocol 1.1, 13.2). */
import { encodeBase64, encodeBase64Url, type Random, utf8Bytes } from "@ksmkit/common";
import type { ParsedFile, ParsedLink } from "../seed/parsed-seed.ts";
import type { ClientState, FileLink, FileState, FolderState, RecordLink } from "../vault/state.ts";
import { gcmOverhead, keyLength, sealCbc, sealGcm } from "../wire/aes.ts";
import { deriveClientId, generateUid } from "../wire/identifiers.ts";
import { type OwnerKeys, wrapForOwner } from "./owner-keys.ts";

/** Limits and name of a token to be made. */
export interface TokenOptions {
  /** Shown in the server's client list. Default: `client`. */
  name?: string;
  /** Pins the first address that uses the token. Default: false, because loopback has two addresses. */
  lockIp?: boolean;
  /** Minutes until the token must have been used first, at most 1 440. Default: 60. */
  firstAccessMinutes?: number;
  /** When the bound client expires, ms since epoch. Default: 0, never. */
  accessExpiresAt?: number;
}

/** Paths whose link data is sealed under the record key (ksm-protocol 19). */
const sealedPaths: ReadonlySet<string | null> = /* @__PURE__ */ new Set(["ai_settings", "jit_settings"]);

/** Makes a one-time token and what the server keeps of it. The secret exists only in the returned text. */
export function makeToken(
  keys: OwnerKeys,
  options: TokenOptions,
  now: number,
  random: Random,
): { token: string; client: ClientState } {
  const secret = random(keyLength);
  const client: ClientState = {
    clientId: deriveClientId(secret),
    name: options.name ?? "client",
    encryptedAppKey: encodeBase64(sealGcm(secret, keys.appKey, random)),
    publicKey: null,
    lockIp: options.lockIp ?? false,
    pinnedIp: null,
    firstAccessExpiresAt: now + Math.min(options.firstAccessMinutes ?? 60, 1440) * 60_000,
    accessExpiresAt: options.accessExpiresAt ?? 0,
    lastAccessAt: 0,
  };
  return { token: encodeBase64Url(secret), client };
}

/** Seals the application's own document. */
export function sealAppData(keys: OwnerKeys, title: string, random: Random): string {
  return encodeBase64Url(sealGcm(keys.appKey, paddedJson({ title, type: "app" }), random));
}

/** Seals a folder's name under the folder's key. */
export function sealFolderName(folderKey: Uint8Array, name: string, random: Random): string {
  return encodeBase64(sealCbc(folderKey, utf8Bytes(JSON.stringify({ name })), random));
}

/** Makes a shared folder: its key goes under the app key. */
export function makeRoot(
  keys: OwnerKeys,
  uid: string,
  name: string,
  editable: boolean,
  random: Random,
): FolderState {
  const key = random(keyLength);
  const folderKey = encodeBase64(sealGcm(keys.appKey, key, random));
  const data = sealFolderName(key, name, random);
  return { uid, parent: null, root: uid, folderKey, data, shared: true, editable };
}

/** Makes a sub-folder: its key goes under the root's key, whatever its depth. */
export function makeSubFolder(
  rootKey: Uint8Array,
  parent: FolderState,
  uid: string,
  name: string,
  random: Random,
): FolderState {
  const key = random(keyLength);
  const folderKey = encodeBase64(sealCbc(rootKey, key, random));
  const data = sealFolderName(key, name, random);
  return { uid, parent: parent.uid, root: parent.root, folderKey, data, shared: false, editable: true };
}

/** Seals a record document. */
export function sealDocument(recordKey: Uint8Array, document: unknown, random: Random): string {
  return encodeBase64(sealGcm(recordKey, paddedJson(document), random));
}

/** Makes an attached file and the record's hold on it. */
export function makeFile(
  keys: OwnerKeys,
  recordKey: Uint8Array,
  file: ParsedFile,
  now: number,
  random: Random,
): { file: FileState; link: FileLink } {
  const key = random(keyLength);
  const uid = file.uid ?? generateUid(random);
  const { name, title, type, content, thumbnail } = file;
  const metadata = { name, title, size: content.length, lastModified: now, type };
  return {
    file: {
      uid,
      data: encodeBase64(sealGcm(key, utf8Bytes(JSON.stringify(metadata)), random)),
      ownerKey: encodeBase64(wrapForOwner(keys, key, random)),
      size: content.length + gcmOverhead,
      content: sealGcm(key, content, random),
      thumbnail: thumbnail === undefined ? null : sealGcm(key, thumbnail, random),
    },
    link: { fileUid: uid, fileKey: encodeBase64(sealGcm(recordKey, key, random)) },
  };
}

/** Makes a link; settings of the sealed kinds go under the record key. */
export function makeLink(
  recordKey: Uint8Array,
  recordUid: string,
  link: ParsedLink,
  random: Random,
): RecordLink {
  if (link.data === null) return { recordUid, data: null, path: link.path };
  const plain = utf8Bytes(JSON.stringify(link.data));
  const bytes = sealedPaths.has(link.path) ? sealGcm(recordKey, plain, random) : plain;
  return { recordUid, data: encodeBase64(bytes), path: link.path };
}

/** JSON padded with spaces to a multiple of 16 bytes, at least 384, so that its length says little (ksm-protocol 10.1). */
export function paddedJson(value: unknown): Uint8Array<ArrayBuffer> {
  const bytes = utf8Bytes(JSON.stringify(value));
  const padded = new Uint8Array(Math.max(384, Math.ceil(bytes.length / 16) * 16)).fill(0x20);
  padded.set(bytes);
  return padded;
}
