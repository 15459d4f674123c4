/** The fields in which a record lists its files (ksm-protocol sections 10.4 and 10.7). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { decodeList } from "../protocol/wire.ts";
import { listValues } from "./record-field.ts";

const type = "fileRef";

/** The document with one more file in its first file field, which is added when missing. The original stays as it is. */
export function withFile(document: JsonObject, fileUid: string): JsonObject {
  let listed = false;
  const fields = changeRefs(document["fields"], (uids) => {
    if (listed) return uids;
    listed = true;
    return [...uids, fileUid];
  });
  if (!listed) fields.push({ type, value: [fileUid] });
  return { ...document, fields };
}

/** The document without these files; a field that becomes empty stays. The original stays as it is. */
export function withoutFiles(document: JsonObject, fileUids: readonly unknown[]): JsonObject {
  const copy = { ...document };
  for (const list of ["fields", "custom"]) {
    if (!Array.isArray(copy[list])) continue;
    copy[list] = changeRefs(copy[list], (uids) => uids.filter((uid) => !fileUids.includes(uid)));
  }
  return copy;
}

function changeRefs(fields: unknown, change: (uids: readonly unknown[]) => readonly unknown[]): unknown[] {
  return decodeList(fields).map((field) =>
    isJsonObject(field) && field["type"] === type
      ? { ...field, value: change(listValues(field["value"])) }
      : field,
  );
}
