/** The final check of a record object that was put together by hand (helper.md sections 1 and 13; vectors `core-*`). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import { findFieldType } from "../types/field-type.ts";
import { copyJson, setMember } from "../values/copy-json.ts";
import { readBoolean } from "../values/plain.ts";

/**
 * Checks and completes a record object so that it can be created: `custom` is there, values are arrays, false flags
 * and blank labels are gone, every field type can be stored. Values are not looked into; {@link validate} does that.
 *
 * @throws {@link RecordHelperError} with everything that is wrong.
 * @example
 * ```ts
 * recordFromObject({ type: "login", title: "Mail", fields: [{ type: "login", value: "ann" }] });
 * ```
 */
export function recordFromObject(object: unknown): RecordData {
  const problems = new Problems();
  const top = new Place();
  const record: JsonObject = isJsonObject(object) ? object : {};
  if (record !== object) problems.add("ERR_HELPER_ITEM_NOT_OBJECT", top, "A record must be an object.");
  const { type, title, notes } = record;
  if (typeof type !== "string" || type === "") {
    problems.add("ERR_HELPER_RECORD_TYPE_MISSING", top.child("type"), "is missing or empty");
  }
  if (title === "") problems.add("ERR_HELPER_TITLE_MISSING", top.child("title"), "is empty");
  else if (typeof title !== "string")
    problems.add("ERR_HELPER_TITLE_NOT_STRING", top.child("title"), "must be text");
  if (notes !== undefined && notes !== null && typeof notes !== "string") {
    problems.add("ERR_HELPER_NOTES_NOT_STRING", top.child("notes"), "must be text");
  }
  const fields = finishFields(record["fields"], top.child("fields"), "ERR_HELPER_FIELDS_NOT_ARRAY", problems);
  const custom = finishFields(
    record["custom"],
    top.child("custom"),
    "ERR_HELPER_CUSTOM_FIELDS_NOT_ARRAY",
    problems,
  );
  problems.throwIfAny();
  const finished = { type: String(type), title: String(title), fields, custom };
  return typeof notes === "string" && notes !== "" ? { ...finished, notes } : finished;
}

function finishFields(
  value: unknown,
  place: Place,
  code: "ERR_HELPER_FIELDS_NOT_ARRAY" | "ERR_HELPER_CUSTOM_FIELDS_NOT_ARRAY",
  problems: Problems,
): FieldData[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.add(code, place, "must be an array");
    return [];
  }
  return value
    .map((entry: unknown, index) => finishField(entry, place.child(index), problems))
    .filter((field) => field !== undefined);
}

function finishField(field: unknown, place: Place, problems: Problems): FieldData | undefined {
  if (!isJsonObject(field)) return problems.add("ERR_HELPER_FIELD_NOT_OBJECT", place, "must be an object");
  const { type } = field;
  if (typeof type !== "string" || !findFieldType(type)) {
    return problems.add(
      "ERR_HELPER_FIELD_TYPE_NOT_STORABLE",
      place.child("type"),
      "is no storable field type",
    );
  }
  const value = copyJson(listOf(field["value"]));
  if (!Array.isArray(value))
    return problems.add("ERR_HELPER_INVALID_VALUE", place.child("value"), "must be JSON");
  const finished = { type, value };
  for (const [key, given] of Object.entries(field)) {
    if (key === "type" || key === "value") continue;
    const kept = readFlagOrCopy(key, given);
    if (kept !== undefined && kept !== null && kept !== false && kept !== "") setMember(finished, key, kept);
  }
  return finished;
}

/** Any scalar is a list of one, `false` and `0` included. */
function listOf(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === "" ? [] : [value];
}

/** Other writers store flags as text (rule R2). */
function readFlagOrCopy(key: string, value: unknown): unknown {
  return key === "required" || key === "privacyScreen" || key === "enforceGeneration"
    ? readBoolean(value)
    : copyJson(value);
}
