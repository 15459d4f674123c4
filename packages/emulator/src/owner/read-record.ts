/** Opens with the owner's keys what clients wrote, and checks every wrapping on the way. */
import { decodeBase64, type JsonObject, parseJsonObject, utf8Text } from "@ksmkit/common";
import { VaultError } from "../errors/vault-error.ts";
import type { FileState, RecordState, ServerState } from "../vault/state.ts";
import { keyLength, openGcm } from "../wire/aes.ts";
import { type FolderDirectory, unreadable } from "./folder-directory.ts";
import { type OwnerKeys, unwrapForOwner } from "./owner-keys.ts";

/** A record as its owner sees it. */
export interface OwnedRecord {
  readonly uid: string;
  readonly revision: number;
  /** The record document: `type`, `title`, `fields`, … */
  readonly data: JsonObject;
  /** Document of an open transaction; `null` without one. */
  readonly pending: JsonObject | null;
  /** Shared folders and sub-folders that hold it. */
  readonly folders: readonly { readonly folderUid: string; readonly subFolderUid: string | null }[];
  readonly files: readonly OwnedFile[];
}

/** An attached file as its owner sees it. */
export interface OwnedFile {
  readonly uid: string;
  /** `{name, title, size, lastModified, type}` as written. */
  readonly metadata: JsonObject;
  /** Opened content; `null` until uploaded. */
  readonly content: Uint8Array | null;
}

/** The 32-byte key of a record. */
export function recordKeyOf(keys: OwnerKeys, record: RecordState): Uint8Array {
  return ownerKey(keys, record.ownerKey, `The key of record ${record.uid}`);
}

/** Opens the document of a record: `type`, `title`, `fields`, … */
export function readDocument(keys: OwnerKeys, record: RecordState): JsonObject {
  return document(recordKeyOf(keys, record), record.data, `Record ${record.uid}`);
}

/** Opens a record and proves that each of its shares wraps the same key. */
export function readRecord(
  keys: OwnerKeys,
  state: ServerState,
  directory: FolderDirectory,
  record: RecordState,
): OwnedRecord {
  const key = recordKeyOf(keys, record);
  if (record.share !== null) same(keys.appKey, record.share.recordKey, key, `The share of ${record.uid}`);
  for (const place of record.placements) {
    const folder = state.folders.get(place.folderUid);
    if (folder === undefined) throw notFound(`folder ${place.folderUid}`);
    same(directory.key(folder), place.recordKey, key, `The folder key of record ${record.uid}`);
  }
  const { uid, revision } = record;
  return {
    uid,
    revision,
    data: document(key, record.data, `Record ${uid}`),
    pending:
      record.pending === null ? null : document(key, record.pending.data, `The pending data of ${uid}`),
    folders: record.placements.map(({ folderUid, subFolderUid }) => ({ folderUid, subFolderUid })),
    files: record.files.map(({ fileUid, fileKey }) => {
      const file = state.files.get(fileUid);
      if (file === undefined) throw notFound(`file ${fileUid}`);
      return readFile(keys, key, fileKey, file);
    }),
  };
}

function readFile(keys: OwnerKeys, recordKey: Uint8Array, linkKey: string, file: FileState): OwnedFile {
  const key = ownerKey(keys, file.ownerKey, `The key of file ${file.uid}`);
  same(recordKey, linkKey, key, `The link key of file ${file.uid}`);
  const content = file.content === null ? null : openGcm(key, file.content);
  if (file.content !== null && content === null) throw unreadable(`The content of file ${file.uid}`);
  return { uid: file.uid, metadata: document(key, file.data, `File ${file.uid}`), content };
}

function ownerKey(keys: OwnerKeys, wrapped: string, what: string): Uint8Array {
  const key = unwrapForOwner(keys, bytes(wrapped));
  if (key?.length !== keyLength) throw unreadable(what);
  return key;
}

function same(wrappingKey: Uint8Array, wrapped: string, key: Uint8Array, what: string): void {
  const opened = openGcm(wrappingKey, bytes(wrapped));
  if (opened === null || !opened.equals(key)) throw unreadable(what);
}

function document(key: Uint8Array, sealed: string, what: string): JsonObject {
  const plain = openGcm(key, bytes(sealed));
  const json = plain === null ? null : parseJsonObject(utf8Text(plain));
  if (json === null) throw unreadable(what);
  return json;
}

function bytes(text: string): Uint8Array {
  return decodeBase64(text) ?? new Uint8Array();
}

/** The error for something that is not in the vault. */
export function notFound(what: string): VaultError {
  return new VaultError("ERR_VAULT_NOT_FOUND", `The vault has no ${what}`);
}
