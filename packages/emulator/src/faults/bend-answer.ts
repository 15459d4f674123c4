/** Faults inside the sealed answer: they change its JSON before it is sealed. */
import { decodeBase64, encodeBase64, isJsonObject, type JsonObject } from "@ksmkit/common";
import type { AnswerPart, Fault } from "./fault.ts";

type Corruption = Extract<Fault, { kind: "corrupt" }>;
type ItemError = Extract<Fault, { kind: "itemError" }>;

/** Applies one fault to an answer; faults of other layers leave it alone. Works on a copy. */
export function bendAnswer(original: JsonObject, fault: Fault): JsonObject {
  const answer = structuredClone(original);
  switch (fault.kind) {
    case "merge":
      return { ...answer, ...fault.answer };
    case "shuffleFolders":
      return { ...answer, folders: list(answer, "folders").toReversed() };
    case "folderCycle":
      return closeCircle(answer);
    case "corrupt":
      for (const item of itemsWith(answer, fault.part)) corrupt(item.object, item.key, item.uid, fault);
      return answer;
    case "itemError":
      for (const item of [...list(answer, "records"), ...list(answer, "folders")]) failItem(item, fault);
      return answer;
    default:
      return original;
  }
}

/** Points every sub-folder's parent at the next one, the last at the first; one alone at itself. */
function closeCircle(answer: JsonObject): JsonObject {
  const subFolders = list(answer, "folders").filter((folder) => typeof folder["parent"] === "string");
  for (const [index, folder] of subFolders.entries()) {
    folder["parent"] = subFolders[(index + 1) % subFolders.length]?.["folderUid"];
  }
  return answer;
}

interface Item {
  object: JsonObject;
  key: string;
  uid: unknown;
}

/** The objects of an answer that carry the given part. */
function itemsWith(answer: JsonObject, part: AnswerPart): Item[] {
  const folders = list(answer, "folders");
  const records = [...list(answer, "records"), ...folders.flatMap((folder) => list(folder, "records"))];
  const of = (objects: JsonObject[], key: string, uid: string): Item[] =>
    objects.map((object) => ({ object, key, uid: object[uid] }));
  switch (part) {
    case "appData":
    case "encryptedAppKey":
      return [{ object: answer, key: part, uid: undefined }];
    case "folderKey":
      return of(folders, "folderKey", "folderUid");
    case "folderData":
      return of(folders, "data", "folderUid");
    case "recordKey":
      return of(records, "recordKey", "recordUid");
    case "recordData":
      return of(records, "data", "recordUid");
    case "fileKey":
    case "fileData":
      return of(
        records.flatMap((record) => list(record, "files")),
        part === "fileKey" ? "fileKey" : "data",
        "fileUid",
      );
    case "linkData":
      return of(
        records.flatMap((record) => list(record, "links")),
        "data",
        "recordUid",
      );
  }
}

function corrupt(object: JsonObject, key: string, uid: unknown, fault: Corruption): void {
  const value = object[key];
  if ((fault.uid !== undefined && fault.uid !== uid) || typeof value !== "string") return;
  if (fault.mode === "null") object[key] = null;
  else if (fault.mode === "text") object[key] = "%%%";
  else {
    const bytes = decodeBase64(value) ?? new Uint8Array(1);
    bytes.set([(bytes.at(-1) ?? 0) ^ 1], bytes.length - 1);
    object[key] = encodeBase64(bytes);
  }
}

function failItem(item: JsonObject, fault: ItemError): void {
  if (!("responseCode" in item)) return;
  if (fault.uid !== undefined && fault.uid !== item["recordUid"] && fault.uid !== item["folderUid"]) return;
  item["responseCode"] = fault.code ?? "failed";
  item["errorMessage"] = fault.message ?? "injected failure";
}

function list(object: JsonObject, key: string): JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
