/** Decodes answers of the writing endpoints that answer at all (ksm-protocol sections 10.5 to 10.7). */
import { isJsonObject, parseJsonObject, type JsonObject } from "@ksmkit/common";
import { decodeList, decodeNumber, decodeText } from "./decode-value.ts";
import type { WireDeletion, WireUpload } from "./wire-types.ts";

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
      errorMessage: decodeText(item["errorMessage"]),
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
