/** Decodes answers of `get_secret` and `get_folders` (ksm-protocol sections 10.1 and 10.2). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { decodeFlag, decodeList, decodeNumber, decodeText } from "./decode-value.ts";
import type { WireFile, WireFolder, WireRecord, WireSecrets } from "./wire-types.ts";

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
    warnings: decodeList(response["warnings"]).filter((item) => typeof item === "string"),
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
