/** The field in which a record lists its files (ksm-protocol sections 10.4 and 10.7). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";

const type = "fileRef";

/** Adds a file to the first file field, which is added when missing. */
export function attachFile(document: JsonObject, fileUid: string): void {
  const fields = Array.isArray(document["fields"])
    ? document["fields"]
    : (document["fields"] = [] as unknown[]);
  const field = fields.find((each: unknown) => isFileField(each));
  if (field === undefined) fields.push({ type, value: [fileUid] });
  else if (Array.isArray(field["value"])) field["value"].push(fileUid);
  else field["value"] = [fileUid];
}

/** Takes files out of the first file field, and the field away when it becomes empty. */
export function detachFiles(document: unknown, fileUids: readonly unknown[]): void {
  const fields: unknown = isJsonObject(document) ? document["fields"] : undefined;
  if (fileUids.length === 0 || !Array.isArray(fields)) return;
  const at = fields.findIndex((each: unknown) => isFileField(each));
  const field: unknown = fields[at];
  if (!isFileField(field) || !Array.isArray(field["value"])) return;
  const left = field["value"].filter((uid) => !fileUids.includes(uid));
  if (left.length === 0) fields.splice(at, 1);
  else field["value"] = left;
}

function isFileField(value: unknown): value is JsonObject {
  return isJsonObject(value) && value["type"] === type;
}
