/** The vault as a JSON document and back; the format of the state file. */
import { encodeBase64 } from "@ksmkit/common";
import { type Complain, Shape } from "../decode/shape.ts";
import type { OwnerKeys } from "../owner/owner-keys.ts";
import type {
  ClientState,
  FileState,
  FolderState,
  RecordState,
  ServerKey,
  ServerState,
} from "../vault/state.ts";
import { keyPairFromScalar } from "../wire/p256.ts";

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

/** Reads a parsed state document; complains about the first thing that is not as this version writes it. */
export function decodeSnapshot(document: unknown, complain: Complain): VaultSnapshot {
  const root = new Shape(document, "", complain);
  if (root.value("format") !== format) throw root.wrong("format", `"${format}"`);
  if (root.value("version") !== version) throw root.wrong("version", String(version));
  const owner = root.shape("owner");
  const keyPair = keyPairFromScalar(key(owner, "privateKey"));
  if (keyPair === null) throw owner.wrong("privateKey", "a P-256 scalar");
  return {
    server: decodeServer(root.shape("server")),
    owner: { appKey: key(owner, "appKey"), dataKey: key(owner, "dataKey"), keyPair },
  };
}

function decodeServer(server: Shape): ServerState {
  const application = server.shape("application");
  const serverKeys = new Map(server.shapes("serverKeys").map((shape) => entry(decodeServerKey(shape), "id")));
  const activeKeyId = server.integer("activeKeyId", 1);
  if (!serverKeys.has(activeKeyId)) throw server.wrong("activeKeyId", "the id of one of serverKeys");
  return {
    application: {
      uid: application.text("uid"),
      ownerPublicKey: application.text("ownerPublicKey"),
      appData: application.text("appData"),
    },
    revision: server.integer("revision"),
    activeKeyId,
    serverKeys,
    urlKey: key(server, "urlKey"),
    clients: new Map(server.shapes("clients").map((shape) => entry(decodeClient(shape), "clientId"))),
    folders: new Map(server.shapes("folders").map((shape) => entry(decodeFolder(shape), "uid"))),
    records: new Map(server.shapes("records").map((shape) => entry(decodeRecord(shape), "uid"))),
    files: new Map(server.shapes("files").map((shape) => entry(decodeFile(shape), "uid"))),
  };
}

function decodeServerKey(shape: Shape): ServerKey {
  const pair = keyPairFromScalar(key(shape, "privateKey"));
  if (pair === null) throw shape.wrong("privateKey", "a P-256 scalar");
  return { id: shape.integer("id", 1), ...pair };
}

function decodeClient(shape: Shape): ClientState {
  return {
    clientId: shape.text("clientId"),
    name: shape.text("name", true),
    encryptedAppKey: nullable(shape, "encryptedAppKey"),
    publicKey: nullable(shape, "publicKey"),
    lockIp: shape.flag("lockIp"),
    pinnedIp: nullable(shape, "pinnedIp"),
    firstAccessExpiresAt: shape.integer("firstAccessExpiresAt"),
    accessExpiresAt: shape.integer("accessExpiresAt"),
    lastAccessAt: shape.integer("lastAccessAt"),
  };
}

function decodeFolder(shape: Shape): FolderState {
  return {
    uid: shape.text("uid"),
    parent: nullable(shape, "parent"),
    root: shape.text("root"),
    folderKey: shape.text("folderKey"),
    data: shape.text("data"),
    shared: shape.flag("shared"),
    editable: shape.flag("editable"),
  };
}

function decodeRecord(shape: Shape): RecordState {
  const share = shape.optionalShape("share");
  const pending = shape.optionalShape("pending");
  return {
    uid: shape.text("uid"),
    data: shape.text("data"),
    revision: shape.integer("revision"),
    ownerKey: shape.text("ownerKey"),
    placements: shape.shapes("placements").map((place) => ({
      folderUid: place.text("folderUid"),
      subFolderUid: nullable(place, "subFolderUid"),
      recordKey: place.text("recordKey"),
    })),
    share:
      share === undefined ? null : { recordKey: share.text("recordKey"), editable: share.flag("editable") },
    pending: pending === undefined ? null : { data: pending.text("data"), detach: pending.texts("detach") },
    files: shape.shapes("files").map((file) => ({
      fileUid: file.text("fileUid"),
      fileKey: file.text("fileKey"),
    })),
    links: shape.shapes("links").map((link) => ({
      recordUid: link.text("recordUid"),
      data: nullable(link, "data"),
      path: nullable(link, "path"),
    })),
  };
}

function decodeFile(shape: Shape): FileState {
  return {
    uid: shape.text("uid"),
    data: shape.text("data"),
    ownerKey: shape.text("ownerKey"),
    size: shape.integer("size"),
    content: shape.optionalBytes("content") ?? null,
    thumbnail: shape.optionalBytes("thumbnail") ?? null,
  };
}

function entry<Item, Key extends keyof Item>(item: Item, name: Key): [Item[Key], Item] {
  return [item[name], item];
}

function nullable(shape: Shape, name: string): string | null {
  return shape.optionalText(name) ?? null;
}

function key(shape: Shape, name: string): Uint8Array {
  const bytes = shape.bytes(name);
  if (bytes.length !== 32) throw shape.wrong(name, "32 bytes");
  return bytes;
}
