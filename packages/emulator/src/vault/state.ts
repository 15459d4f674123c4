/**
 * What the server part keeps: ciphertext, UIDs, sizes, revisions, times, addresses and public keys
 * (ksm-protocol 13.1). Nothing in here opens a record; base64 values are stored as they are sent.
 */

/** One client device and how far its binding has come. */
export interface ClientState {
  readonly clientId: string;
  name: string;
  /** The app key sealed under the token's secret, base64; `null` once bound. */
  encryptedAppKey: string | null;
  /** 65-byte point, base64; `null` until the first `get_secret`. */
  publicKey: string | null;
  lockIp: boolean;
  pinnedIp: string | null;
  /** Until when the token can be used first, ms since epoch. */
  firstAccessExpiresAt: number;
  /** When the client itself expires, ms since epoch; 0 means never. */
  accessExpiresAt: number;
  lastAccessAt: number;
}

/** A record's place in a shared folder, with the record key wrapped under that folder's key. */
export interface Placement {
  /** Root shared folder. */
  readonly folderUid: string;
  /** Sub-folder that holds the record; `null` at the top. */
  readonly subFolderUid: string | null;
  /** Base64 GCM blob. */
  readonly recordKey: string;
}

/** A record shared to the application by itself. */
export interface DirectShare {
  /** Record key under the app key, base64 GCM blob. */
  readonly recordKey: string;
  editable: boolean;
}

/** A file as one record holds it. */
export interface FileLink {
  readonly fileUid: string;
  /** File key under the record key, base64 GCM blob. */
  readonly fileKey: string;
}

/** A link to another record or to the record's own settings (ksm-protocol 19). */
export interface RecordLink {
  readonly recordUid: string;
  readonly data: string | null;
  readonly path: string | null;
}

/** What an open transaction will change. */
export interface PendingUpdate {
  /** Sealed record, base64. */
  readonly data: string;
  /** UIDs of files and links to detach. */
  readonly detach: readonly string[];
}

/** One record. */
export interface RecordState {
  readonly uid: string;
  /** Sealed record, base64. */
  data: string;
  revision: number;
  /** Record key for the owner, base64: 125 bytes ECIES from clients, 60 bytes GCM from the owner. */
  readonly ownerKey: string;
  placements: Placement[];
  share: DirectShare | null;
  /** Data of an open transaction. */
  pending: PendingUpdate | null;
  files: FileLink[];
  links: RecordLink[];
}

/** One attached file. */
export interface FileState {
  readonly uid: string;
  /** Sealed metadata, base64. */
  data: string;
  readonly ownerKey: string;
  /** Announced length of the sealed content. */
  readonly size: number;
  /** Sealed content; `null` until uploaded. */
  content: Uint8Array | null;
  thumbnail: Uint8Array | null;
}

/** One folder. Roots are shared folders; everything below belongs to the root's key tree. */
export interface FolderState {
  readonly uid: string;
  /** Direct parent; `null` for a root. */
  readonly parent: string | null;
  /** UID of the root above; its own for a root. */
  readonly root: string;
  /** Root: GCM under the app key. Sub-folder: CBC under the root's key. Base64. */
  readonly folderKey: string;
  /** Sealed `{"name":…}`, base64 CBC blob. */
  data: string;
  /** Roots only: shared to the application at present. */
  shared: boolean;
  /** Roots only: the application may write into it. */
  editable: boolean;
}

/** One key of the server's ring. The private half is the server's own secret, not the vault's. */
export interface ServerKey {
  readonly id: number;
  /** 32-byte scalar. */
  readonly privateKey: Uint8Array;
  /** 65-byte point. */
  readonly publicKey: Uint8Array;
}

/** The whole server part. */
export interface ServerState {
  readonly application: {
    readonly uid: string;
    /** 65-byte point, base64. */
    readonly ownerPublicKey: string;
    /** Sealed `{title, type}`, base64url. */
    appData: string;
  };
  /** Last revision assigned; shared by all records. */
  revision: number;
  readonly serverKeys: Map<number, ServerKey>;
  activeKeyId: number;
  /** Signs file URLs. */
  readonly urlKey: Uint8Array;
  readonly clients: Map<string, ClientState>;
  readonly folders: Map<string, FolderState>;
  readonly records: Map<string, RecordState>;
  readonly files: Map<string, FileState>;
}

/** The next revision number: increasing over the whole vault. */
export function nextRevision(state: ServerState): number {
  return ++state.revision;
}

/** Removes a record and the files that only it held. */
export function removeRecord(state: ServerState, record: RecordState): void {
  state.records.delete(record.uid);
  dropUnheldFiles(
    state,
    record.files.map(({ fileUid }) => fileUid),
  );
}

/** Forgets those of the files that no record holds any more. */
export function dropUnheldFiles(state: ServerState, fileUids: readonly string[]): void {
  const loose = new Set(fileUids.filter((uid) => state.files.has(uid)));
  if (loose.size === 0) return;
  for (const { files } of state.records.values()) for (const { fileUid } of files) loose.delete(fileUid);
  for (const uid of loose) state.files.delete(uid);
}
