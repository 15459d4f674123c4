/** Options, and what is read and written. Same as the official types; additions are marked. */
import type { EncryptedPayload, KeeperHttpResponse, KeyValueStorage, TransmissionKey } from "./platform.ts";

/** Options of every call. */
export type SecretManagerOptions = {
  /** The device configuration. */
  storage: KeyValueStorage;
  /** Replaces the posting of every sealed request. Default: `postFunction`. */
  queryFunction?: (
    url: string,
    transmissionKey: TransmissionKey,
    payload: EncryptedPayload,
    allowUnverifiedCertificate?: boolean,
  ) => Promise<KeeperHttpResponse>;
  /** Turns TLS certificate checks off, for files too. For development only. Default: false. */
  allowUnverifiedCertificate?: boolean;
  /** Custom server key: base64url of a 65-byte P-256 point. Saved to the storage. */
  serverPublicKey?: string;
  /** Decimal id of the server key. Saved to the storage. */
  serverPublicKeyId?: string;
  /** Waits between throttled attempts. Default: a timer. */
  throttleSleep?: (milliseconds: number) => Promise<void>;
  /**
   * Addition: called for everything that is left out or did not work while the call went on, which the official
   * SDK prints to the console. Optional.
   */
  onProblem?: (problem: Error) => void;
};

/** What to read. */
export type QueryOptions = {
  /** Record uids. Nothing or an empty list: all. */
  recordsFilter?: string[];
  /** Shared folder uids. Nothing or an empty list: all. */
  foldersFilter?: string[];
  /** Asks for links between records too. */
  requestLinks?: boolean;
};

/** Where to create a record or folder. */
export type CreateOptions = {
  /** Uid of the shared folder. */
  folderUid: string;
  /** Uid of a sub-folder below it. */
  subFolderUid?: string;
};

/** How to save a record. */
export type UpdateOptions = {
  /** Keeps the change pending until `completeTransaction`. */
  transactionType?: UpdateTransactionType;
  /** Uids of files or links to detach; the service ignores them in a general transaction. */
  links2Remove?: string[];
};

/** Kinds of pending changes. An enum, as the official one, so that its members are types too. */
export enum UpdateTransactionType {
  General = "general",
  Rotation = "rotation",
}

/** Outcome for one record of a deletion. */
export type SecretsManagerDeleteResponseRecord = {
  errorMessage: string;
  recordUid: string;
  /** `ok`, or why not: deletions fail item by item. */
  responseCode: string;
};

/** Outcome for one folder of a deletion. */
export type SecretsManagerDeleteResponseFolder = {
  errorMessage: string;
  folderUid: string;
  responseCode: string;
};

/** Outcomes of a deletion; the service fills the list that was asked about. */
export type SecretsManagerDeleteResponse = {
  records: SecretsManagerDeleteResponseRecord[];
  folders: SecretsManagerDeleteResponseFolder[];
};

/** A link as the service sends it. */
export type KeeperRecordLinkRaw = {
  recordUid: string;
  data?: string;
  path?: string;
};

/** Everything that was read. */
export type KeeperSecrets = {
  appData: {
    title: string;
    type: string;
  };
  /** When the client's access ends; `undefined` for never. */
  expiresOn?: Date;
  records: KeeperRecord[];
  warnings?: string[];
  extra?: {};
};

/** A record: plain data, free to change and to copy. */
export type KeeperRecord = {
  recordUid: string;
  /** Shared folder that holds it. */
  folderUid?: string;
  /** Sub-folder that holds it. */
  innerFolderUid?: string;
  /** The record's document: `type`, `title`, `fields`, `custom`, `notes`. */
  data: any;
  revision: number;
  files?: KeeperFile[];
  links?: KeeperRecordLinkRaw[];
};

/** A shared folder or sub-folder. */
export type KeeperFolder = {
  folderUid: string;
  parentUid?: string;
  name?: string;
};

/** An attached file. */
export type KeeperFile = {
  fileUid: string;
  /** Metadata: `name`, `title`, `size`, `type`, `lastModified`. The name was chosen by others. */
  data: any;
  /** Where the sealed content lies; expires within minutes. */
  url?: string;
  thumbnailUrl?: string;
};

/** A file to attach. */
export type KeeperFileUpload = {
  name: string;
  title: string;
  type?: string;
  data: Uint8Array;
};
