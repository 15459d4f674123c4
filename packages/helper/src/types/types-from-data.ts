/** Record types from a parsed type file, in either of its forms (helper.md section 11; vectors `types-*`). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import { refuseUnknownKeys } from "../build/read-input.ts";
import { readFileData } from "../files/read-file-data.ts";
import { readJson } from "../source/read-json.ts";
import { readText } from "../values/text.ts";
import { RecordType } from "./record-type.ts";
import { slotsFromRows, type RowNames } from "./slots-from-rows.ts";

/** A type that was read, and where its name stands. */
export interface PlacedType {
  readonly type: RecordType;
  readonly place: Place;
}

const helperNames: RowNames = {
  known: [
    "type",
    "label",
    "required",
    "privacy_screen",
    "enforce_generation",
    "complexity",
    "allow_multiple",
  ],
  type: "type",
  privacyScreen: "privacy_screen",
  enforceGeneration: "enforce_generation",
  allowMultiple: "allow_multiple",
};
const commanderNames: RowNames = {
  type: "$ref",
  privacyScreen: "privacyScreen",
  enforceGeneration: "enforceGeneration",
  allowMultiple: "allowMultiple",
};

/** Reads the types of a file; types with a problem are reported and left out. */
export function typesFromData(file: unknown, problems: Problems): PlacedType[] {
  const top = new Place();
  const first: unknown = Array.isArray(file) ? file[0] : file;
  if (!Array.isArray(file) && !isJsonObject(file)) {
    problems.add("ERR_HELPER_FILE_NOT_OBJECT", top, "The file must hold an object or a list of objects.");
    return [];
  }
  if (isJsonObject(first) && isGiven(first["kind"])) return helperTypes(file, problems);
  if (isJsonObject(first) && isGiven(first["recordTypeId"])) return commanderTypes(file, problems);
  problems.add(
    "ERR_HELPER_RECORD_TYPE_FILE_UNRECOGNISED",
    top,
    "The file is neither a KeeperRecordType file nor a Commander export of record types.",
  );
  return [];
}

function helperTypes(file: unknown, problems: Problems): PlacedType[] {
  return readFileData(file, "KeeperRecordType", problems).flatMap(({ item, place }) => {
    refuseUnknownKeys(item, ["class", "name", "fields"], place, problems);
    return typeFromContent(item, "name", helperNames, place, problems);
  });
}

function commanderTypes(file: unknown, problems: Problems): PlacedType[] {
  const top = new Place();
  const entries = Array.isArray(file)
    ? file.map((entry: unknown, index) => ({ entry, place: top.child(index) }))
    : [];
  if (isJsonObject(file)) entries.push({ entry: file, place: top });
  return entries.flatMap(({ entry, place }) => {
    if (!isJsonObject(entry)) {
      problems.add("ERR_HELPER_ITEM_NOT_OBJECT", place, "must be an object");
      return [];
    }
    if (!isGiven(entry["recordTypeId"])) {
      const message = "is missing; is this a Commander export of record types?";
      problems.add("ERR_HELPER_COMMANDER_RECORD_TYPE_ID_MISSING", place.child("recordTypeId"), message);
    }
    const content = readContent(entry["content"], place.child("content"), problems);
    return content ? typeFromContent(content, "$id", commanderNames, place.child("content"), problems) : [];
  });
}

/** The content of an export is JSON text inside JSON. */
function readContent(content: unknown, place: Place, problems: Problems): JsonObject | undefined {
  if (!isGiven(content)) {
    return problems.add("ERR_HELPER_COMMANDER_CONTENT_MISSING", place, "is missing; it describes the type");
  }
  const document = typeof content === "string" ? readJson(content) : undefined;
  if (document && !document.fault && isJsonObject(document.value)) return document.value;
  return problems.add("ERR_HELPER_INVALID_JSON", place, "must be an object as JSON text");
}

function typeFromContent(
  content: JsonObject,
  nameKey: string,
  names: RowNames,
  place: Place,
  problems: Problems,
): PlacedType[] {
  const name = readText(content[nameKey]);
  const at = place.child(nameKey);
  if (name === undefined || name === "") {
    problems.add("ERR_HELPER_RECORD_TYPE_MISSING", at, "must name the record type");
  }
  const rows = content["fields"] ?? [];
  if (!Array.isArray(rows)) {
    problems.add("ERR_HELPER_FIELDS_NOT_ARRAY", place.child("fields"), "must be a list");
    return [];
  }
  const slots = slotsFromRows(rows, names, place.child("fields"), problems);
  return name === undefined || name === "" ? [] : [{ type: new RecordType(name, slots), place: at }];
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
