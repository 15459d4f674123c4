/** The wire: endpoints, the shapes of their responses, and decoders that never throw (ksm-protocol sections 8.5 and 10). */
import { type JsonObject, isJsonObject, parseJsonObject, printable } from "@ksmkit/common";

/** Endpoints that always answer with a JSON object. */
export type AnsweringEndpoint = "get_secret" | "get_folders" | "delete_secret" | "delete_folder" | "add_file";

/** Endpoints whose success is an empty answer. */
export type SilentEndpoint =
  | "create_secret"
  | "update_secret"
  | "finalize_secret_update"
  | "rollback_secret_update"
  | "create_folder"
  | "update_folder";

/** Every endpoint. */
export type Endpoint = AnsweringEndpoint | SilentEndpoint;

/** True when an empty success is a protocol error. */
export function mustAnswer(endpoint: Endpoint): endpoint is AnsweringEndpoint {
  return /^(get|delete)_|^add_file$/.test(endpoint);
}

/** True for requests that change nothing and may be sent again after a lost connection. */
export function isRead(endpoint: Endpoint): boolean {
  return endpoint.startsWith("get_");
}

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

const nothing: readonly unknown[] = /* @__PURE__ */ Object.freeze([]);

/** The text, or "" for anything else. */
export function decodeText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The list, or an empty one for anything else. */
export function decodeList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : nothing;
}

/** The boolean, or `undefined` for anything else. */
export function decodeFlag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** The finite number, also from decimal text; `undefined` for anything else. */
export function decodeNumber(value: unknown): number | undefined {
  if (typeof value === "string") return /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Decodes the envelope. Never throws; what is missing or misshapen is empty. */
export function decodeSecrets(response: JsonObject): WireSecrets {
  const { extra } = response;
  const expiresOn = decodeNumber(response["expiresOn"]) ?? 0;
  return {
    appData: decodeText(response["appData"]),
    encryptedAppKey: decodeText(response["encryptedAppKey"]),
    appOwnerPublicKey: decodeText(response["appOwnerPublicKey"]),
    folders: decodeList(response["folders"]),
    records: decodeList(response["records"]),
    expiresOn: expiresOn > 0 ? expiresOn : undefined,
    warnings: decodeList(response["warnings"]).flatMap((item) => printable(item) || []),
    extra: isJsonObject(extra) && Object.keys(extra).length > 0 ? extra : undefined,
  };
}

/** Decodes one record; `null` when it is not an object. */
export function decodeRecord(value: unknown): WireRecord | null {
  if (!isJsonObject(value)) return null;
  return {
    recordUid: decodeText(value["recordUid"]),
    recordKey: decodeText(value["recordKey"]),
    data: decodeText(value["data"]),
    revision: decodeRevision(value["revision"]),
    isEditable: decodeFlag(value["isEditable"]),
    folderUid: decodeText(value["folderUid"]),
    innerFolderUid: decodeText(value["innerFolderUid"]),
    files: decodeList(value["files"]),
    links: decodeList(value["links"]),
  };
}

/** Keeps the form that the service chose: it is compared there, not here. */
function decodeRevision(value: unknown): number | string | undefined {
  const number = decodeNumber(value);
  return number !== undefined && typeof value === "string" ? value : number;
}

/** Decodes one file; `null` when it is not an object. */
export function decodeFile(value: unknown): WireFile | null {
  if (!isJsonObject(value)) return null;
  return {
    fileUid: decodeText(value["fileUid"]),
    fileKey: decodeText(value["fileKey"]),
    data: decodeText(value["data"]),
    url: decodeText(value["url"]),
    thumbnailUrl: decodeText(value["thumbnailUrl"]),
  };
}

/** Decodes one folder; `null` when it is not an object. */
export function decodeFolder(value: unknown): WireFolder | null {
  if (!isJsonObject(value)) return null;
  return {
    folderUid: decodeText(value["folderUid"]),
    folderKey: decodeText(value["folderKey"]),
    data: decodeText(value["data"]),
    parent: decodeText(value["parent"]),
    isEditable: decodeFlag(value["isEditable"]),
    records: decodeList(value["records"]),
  };
}

/**
 * Decodes the outcome per item of `delete_secret` (`list` is `records`) and `delete_folder` (`folders`).
 * Entries without a uid are left out.
 */
export function decodeDeletions(response: JsonObject, list: "records" | "folders"): WireDeletion[] {
  const deletions: WireDeletion[] = [];
  for (const item of decodeList(response[list])) {
    if (!isJsonObject(item)) continue;
    const uid = decodeText(item[list === "records" ? "recordUid" : "folderUid"]);
    if (uid === "") continue;
    deletions.push({
      uid,
      responseCode: decodeText(item["responseCode"]),
      errorMessage: printable(item["errorMessage"]),
    });
  }
  return deletions;
}

/**
 * Decodes the upload place of `add_file`; `null` without a url, or when `parameters` is anything but the
 * JSON text of an object of texts.
 */
export function decodeUpload(response: JsonObject): WireUpload | null {
  const url = decodeText(response["url"]);
  const object = parseJsonObject(decodeText(response["parameters"]));
  if (url === "" || object === null) return null;
  const parameters: [string, string][] = [];
  for (const [name, value] of Object.entries(object)) {
    if (typeof value !== "string") return null;
    parameters.push([name, value]);
  }
  return { url, parameters, successStatusCode: decodeNumber(response["successStatusCode"]) };
}
