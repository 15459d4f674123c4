/** Decodes responses (ksm-protocol sections 8.5 and 10). Never throws: what is missing or misshapen is empty. */
import { isJsonObject, type JsonObject, parseJsonObject, printable } from "@ksmkit/common";
import type {
  WireFile,
  WireFolder,
  WireRecord,
  WireSecrets,
  WireDeletion,
  WireUpload,
} from "./wire-types.ts";

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
