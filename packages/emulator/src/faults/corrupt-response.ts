/** Faults inside the sealed answer: they change its JSON before it is sealed. */
import { decodeBase64, encodeBase64, isJsonObject, type JsonObject } from "@ksmkit/common";
import type { AnswerPart, Fault } from "./fault.ts";

type Corruption = Extract<Fault, { kind: "corrupt" }>;
type ItemError = Extract<Fault, { kind: "itemError" }>;

/** Applies one fault to an answer; faults of other layers leave it alone. Works on a copy. */
export function bendAnswer(original: JsonObject, fault: Fault): JsonObject {
  const { kind } = fault;
  if (kind === "merge") return { ...original, ...fault.answer };
  const answer = structuredClone(original);
  if (kind === "shuffleFolders") answer["folders"] = list(answer, "folders").toReversed();
  if (kind === "folderCycle") closeCircle(answer);
  if (kind === "corrupt") for (const item of itemsWith(answer, fault.part)) corrupt(item, fault);
  if (kind === "itemError") {
    for (const item of [...list(answer, "records"), ...list(answer, "folders")]) failItem(item, fault);
  }
  return answer;
}

/** Points every sub-folder's parent at the next one, the last at the first; one alone at itself. */
function closeCircle(answer: JsonObject): void {
  const subFolders = list(answer, "folders").filter((folder) => typeof folder["parent"] === "string");
  for (const [index, folder] of subFolders.entries()) {
    folder["parent"] = subFolders[(index + 1) % subFolders.length]?.["folderUid"];
  }
}

interface Item {
  object: JsonObject;
  key: string;
  uid: unknown;
}

/** In which objects a part is, under which key, and which key names the object. */
const homes: Readonly<Record<AnswerPart, readonly [Home, key: string, uid: string]>> = {
  appData: ["answer", "appData", ""],
  encryptedAppKey: ["answer", "encryptedAppKey", ""],
  folderKey: ["folders", "folderKey", "folderUid"],
  folderData: ["folders", "data", "folderUid"],
  recordKey: ["records", "recordKey", "recordUid"],
  recordData: ["records", "data", "recordUid"],
  fileKey: ["files", "fileKey", "fileUid"],
  fileData: ["files", "data", "fileUid"],
  linkData: ["links", "data", "recordUid"],
};

type Home = "answer" | "folders" | "records" | "files" | "links";

/** The values of an answer that are the given part. */
function itemsWith(answer: JsonObject, part: AnswerPart): Item[] {
  const [home, key, uid] = homes[part];
  const folders = list(answer, "folders");
  const records = [...list(answer, "records"), ...folders.flatMap((folder) => list(folder, "records"))];
  const objects: Readonly<Record<Home, JsonObject[]>> = {
    answer: [answer],
    folders,
    records,
    files: records.flatMap((record) => list(record, "files")),
    links: records.flatMap((record) => list(record, "links")),
  };
  return objects[home].map((object) => ({ object, key, uid: object[uid] }));
}

function corrupt({ object, key, uid }: Item, fault: Corruption): void {
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
