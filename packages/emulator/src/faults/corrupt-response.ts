/** Faults inside the sealed response: they change its JSON before it is sealed. */
import { decodeBase64, encodeBase64, isJsonObject, type JsonObject } from "@ksmkit/common";
import type { ResponsePart, Fault } from "./fault.ts";

type Corruption = Extract<Fault, { kind: "corrupt" }>;
type ItemError = Extract<Fault, { kind: "itemError" }>;

/** Applies one fault to a response; faults of other layers leave it alone. Works on a copy. */
export function corruptResponse(original: JsonObject, fault: Fault): JsonObject {
  const { kind } = fault;
  if (kind === "merge") return { ...original, ...fault.answer };
  const response = structuredClone(original);
  if (kind === "shuffleFolders") response["folders"] = list(response, "folders").toReversed();
  if (kind === "folderCycle") makeCycle(response);
  if (kind === "corrupt") for (const item of itemsWith(response, fault.part)) corrupt(item, fault);
  if (kind === "itemError") {
    for (const item of [...list(response, "records"), ...list(response, "folders")]) failItem(item, fault);
  }
  return response;
}

/** Points every sub-folder's parent at the next one, the last at the first; one alone at itself. */
function makeCycle(response: JsonObject): void {
  const subFolders = list(response, "folders").filter((folder) => typeof folder["parent"] === "string");
  for (const [index, folder] of subFolders.entries()) {
    folder["parent"] = subFolders[(index + 1) % subFolders.length]?.["folderUid"];
  }
}

interface Item {
  object: JsonObject;
  key: string;
  uid: unknown;
}

/** The objects that hold a part, the key of the part, and the key that identifies the object. */
const locations: Readonly<Record<ResponsePart, readonly [Holder, key: string, uid: string]>> = {
  appData: ["response", "appData", ""],
  encryptedAppKey: ["response", "encryptedAppKey", ""],
  folderKey: ["folders", "folderKey", "folderUid"],
  folderData: ["folders", "data", "folderUid"],
  recordKey: ["records", "recordKey", "recordUid"],
  recordData: ["records", "data", "recordUid"],
  fileKey: ["files", "fileKey", "fileUid"],
  fileData: ["files", "data", "fileUid"],
  linkData: ["links", "data", "recordUid"],
};

type Holder = "response" | "folders" | "records" | "files" | "links";

/** The values of a response that are this part. */
function itemsWith(response: JsonObject, part: ResponsePart): Item[] {
  const [holder, key, uid] = locations[part];
  const folders = list(response, "folders");
  const records = [...list(response, "records"), ...folders.flatMap((folder) => list(folder, "records"))];
  const objects: Readonly<Record<Holder, JsonObject[]>> = {
    response: [response],
    folders,
    records,
    files: records.flatMap((record) => list(record, "files")),
    links: records.flatMap((record) => list(record, "links")),
  };
  return objects[holder].map((object) => ({ object, key, uid: object[uid] }));
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
