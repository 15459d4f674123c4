/** The vault as a JSON document and back; the format of the state file. */
import { encodeBase64 } from "@ksmkit/common";
import * as v from "valibot";
import type { OwnerKeys } from "../owner/owner-keys.ts";
import { type ErrorFactory, object, type Schema, validate } from "../schema/validate.ts";
import {
  anyText,
  bytes,
  flag,
  integer,
  list,
  nullableText,
  optionalBytes,
  text,
  texts,
} from "../schema/values.ts";
import type {
  ClientState,
  FileState,
  FolderState,
  RecordState,
  ServerKey,
  ServerState,
} from "../vault/state.ts";
import { type KeyPair, keyPairFromScalar } from "../wire/p256.ts";

const format = "ksmkit-vault-state";
const version = 1;

/** Server part and owner part, kept side by side in one file. */
export interface VaultSnapshot {
  readonly server: ServerState;
  readonly owner: OwnerKeys;
}

/** The server part as a JSON document: all that a stolen server would show. */
export function encodeServer(state: ServerState): object {
  return {
    application: state.application,
    revision: state.revision,
    activeKeyId: state.activeKeyId,
    serverKeys: [...state.serverKeys.values()].map((key) => ({
      id: key.id,
      privateKey: encodeBase64(key.privateKey),
    })),
    urlKey: encodeBase64(state.urlKey),
    clients: [...state.clients.values()],
    folders: [...state.folders.values()],
    records: [...state.records.values()],
    files: [...state.files.values()].map(({ uid, data, ownerKey, size, content, thumbnail }) => ({
      uid,
      data,
      ownerKey,
      size,
      content: content === null ? null : encodeBase64(content),
      thumbnail: thumbnail === null ? null : encodeBase64(thumbnail),
    })),
  };
}

/** The whole vault as text. */
export function encodeSnapshot(snapshot: VaultSnapshot): string {
  const { appKey, dataKey, keyPair } = snapshot.owner;
  return JSON.stringify({
    format,
    version,
    server: encodeServer(snapshot.server),
    owner: {
      appKey: encodeBase64(appKey),
      dataKey: encodeBase64(dataKey),
      privateKey: encodeBase64(keyPair.privateKey),
    },
  });
}

const key: Schema<Uint8Array<ArrayBuffer>> = v.pipe(
  bytes,
  v.check((value) => value.length === 32, "32 bytes"),
);
const keyPair: Schema<KeyPair> = v.pipe(
  key,
  v.transform((scalar) => keyPairFromScalar(scalar)),
  v.custom<KeyPair>((pair) => pair !== null, "a P-256 scalar"),
);

const client: Schema<ClientState> = object({
  clientId: text,
  name: anyText,
  encryptedAppKey: nullableText,
  publicKey: nullableText,
  lockIp: flag,
  pinnedIp: nullableText,
  firstAccessExpiresAt: integer(),
  accessExpiresAt: integer(),
  lastAccessAt: integer(),
});

const folder: Schema<FolderState> = object({
  uid: text,
  parent: nullableText,
  root: text,
  folderKey: text,
  data: text,
  shared: flag,
  editable: flag,
});

const record: Schema<RecordState> = object({
  uid: text,
  data: text,
  revision: integer(),
  ownerKey: text,
  placements: list(object({ folderUid: text, subFolderUid: nullableText, recordKey: text })),
  share: v.nullish(object({ recordKey: text, editable: flag }), null),
  pending: v.nullish(object({ data: text, detach: texts }), null),
  files: list(object({ fileUid: text, fileKey: text })),
  links: list(object({ recordUid: text, data: nullableText, path: nullableText })),
});

const file: Schema<FileState> = v.pipe(
  object({
    uid: text,
    data: text,
    ownerKey: text,
    size: integer(),
    content: optionalBytes,
    thumbnail: optionalBytes,
  }),
  v.transform(({ content = null, thumbnail = null, ...others }) => ({ ...others, content, thumbnail })),
);

const serverKey: Schema<ServerKey> = v.pipe(
  object({ id: integer(1), privateKey: keyPair }),
  v.transform(({ id, privateKey: pair }) => ({ id, ...pair })),
);

const server: Schema<ServerState> = v.pipe(
  object({
    application: object({ uid: text, ownerPublicKey: text, appData: text }),
    revision: integer(),
    activeKeyId: integer(1),
    serverKeys: list(serverKey),
    urlKey: key,
    clients: list(client),
    folders: list(folder),
    records: list(record),
    files: list(file),
  }),
  v.forward(
    v.check(
      ({ activeKeyId, serverKeys }) => serverKeys.some(({ id }) => id === activeKeyId),
      "the id of one of serverKeys",
    ),
    ["activeKeyId"],
  ),
  v.transform(({ serverKeys, clients, folders, records, files, ...others }) => ({
    ...others,
    serverKeys: new Map(serverKeys.map((each) => [each.id, each])),
    clients: new Map(clients.map((each) => [each.clientId, each])),
    folders: new Map(folders.map((each) => [each.uid, each])),
    records: new Map(records.map((each) => [each.uid, each])),
    files: new Map(files.map((each) => [each.uid, each])),
  })),
);

const snapshot: Schema<VaultSnapshot> = v.pipe(
  object({
    format: v.literal(format, `"${format}"`),
    version: v.literal(version, String(version)),
    owner: object({ appKey: key, dataKey: key, privateKey: keyPair }),
    server,
  }),
  v.transform(({ owner: { appKey, dataKey, privateKey: pair }, server }) => ({
    server,
    owner: { appKey, dataKey, keyPair: pair },
  })),
);

/** Reads a parsed state document; the error names the first thing that is not as this version writes it. */
export function decodeSnapshot(document: unknown, toError: ErrorFactory): VaultSnapshot {
  return validate(snapshot, document, { toError });
}
