/**
 * What the service answers, after decoding: ksm-protocol sections 10.1, 10.2, 10.5 to 10.7. Absent, `null`
 * and wrongly typed texts are all `""`; absent lists are empty; list entries stay undecoded, so that one
 * broken entry affects no other.
 */
import type { JsonObject } from "@ksmkit/common";

/** Answer of `get_secret` and `get_folders`. */
export interface WireSecrets {
  /** Base64 GCM blob under the application key, or "". */
  readonly appData: string;
  /** Base64 GCM blob under the client key, or "" once the client is bound. */
  readonly encryptedAppKey: string;
  /** Base64 of the 65-byte point, sent together with `encryptedAppKey`, or "". */
  readonly appOwnerPublicKey: string;
  /** Undecoded folders; see `decodeFolder`. */
  readonly folders: readonly unknown[];
  /** Undecoded records shared directly; see `decodeRecord`. */
  readonly records: readonly unknown[];
  /** Milliseconds since the epoch, or `undefined` for never. */
  readonly expiresOn: number | undefined;
  /** Notices of the service. */
  readonly warnings: string[];
  /** Free-form additions of the service, when there are any. */
  readonly extra: JsonObject | undefined;
}

/** One entry of `records`. The sealed texts are emptied once the record is open. */
export interface WireRecord {
  readonly recordUid: string;
  /** Base64 GCM blob, or "" when the application key itself is the record key. */
  recordKey: string;
  /** Base64 GCM blob under the record key. */
  data: string;
  /** Number of the last change, sent back as it came; `undefined` when the service sent none. */
  readonly revision: number | string | undefined;
  /** Whether this client may write; `undefined` when the service did not say. */
  readonly isEditable: boolean | undefined;
  readonly folderUid: string;
  readonly innerFolderUid: string;
  /** Undecoded files; see `decodeFile`. */
  files: readonly unknown[];
  /** Undecoded links; see `decodeLinks` of the records room. */
  readonly links: readonly unknown[];
}

/** One entry of `files`. */
export interface WireFile {
  readonly fileUid: string;
  /** Base64 GCM blob under the record key. */
  readonly fileKey: string;
  /** Base64 GCM blob under the file key: the metadata. */
  readonly data: string;
  /** Where the sealed content lies, or "". Short-lived. */
  readonly url: string;
  /** Where the sealed thumbnail lies, or "". */
  readonly thumbnailUrl: string;
}

/** One entry of `folders`. */
export interface WireFolder {
  readonly folderUid: string;
  /** Base64 of the wrapped key: 60 bytes as GCM blob, 64 as CBC blob. */
  readonly folderKey: string;
  /** Base64 of the sealed `{"name": …}`, or "". */
  readonly data: string;
  /** Uid of the direct parent, or "" for a shared folder. */
  readonly parent: string;
  /** Whether this client may write; `undefined` when the service did not say. */
  readonly isEditable: boolean | undefined;
  /** Undecoded records; see `decodeRecord`. */
  readonly records: readonly unknown[];
}

/** Outcome for one uid of `delete_secret` and `delete_folder`, which fail per item behind HTTP 200. */
export interface WireDeletion {
  readonly uid: string;
  /** `ok`, `not_found`, `access_denied`, … */
  readonly responseCode: string;
  readonly errorMessage: string;
}

/** Answer of `add_file`: where and how to upload the sealed content. */
export interface WireUpload {
  readonly url: string;
  /** Form fields in the order in which they must be sent, before the file. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** HTTP status that means success; `undefined` accepts any 2xx. */
  readonly successStatusCode: number | undefined;
}
