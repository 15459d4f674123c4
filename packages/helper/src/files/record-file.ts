/** Records from record files, as text or parsed (helper.md section 7; vectors `file-*`). */
import { type JsonObject, isJsonObject } from "@ksmkit/common";
import type { Entry } from "../build/assign-slots.ts";
import { type BuildOptions, type BuildContext, createBuildContext } from "../build/build-context.ts";
import { readNotes, readTitle, refuseUnknownKeys, readLabel } from "../build/read-input.ts";
import { buildRecord } from "../build/build-record.ts";
import type { HelperErrorCode } from "../errors/codes.ts";
import type { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import type { RecordData } from "../model/record-data.ts";
import { findRecordType } from "../types/registry.ts";
import type { RecordType } from "../types/record-type.ts";
import { readText } from "../values/text.ts";
import { readFileData } from "./read-file-data.ts";
import { type SourceFormat, readSource } from "../source/read-source.ts";

/**
 * Builds the records of a record file that is parsed already: `{ version: "v3", kind: "KeeperRecord", data: […] }`.
 * All records or none.
 *
 * @throws {@link RecordHelperError} with everything that is wrong anywhere in the file; paths start at `data`.
 */
export function recordsFromData(data: unknown, options: BuildOptions = {}): RecordData[] {
  return recordsFromSource(data, options, new Problems());
}

/** Like {@link recordsFromData}, with problems that know their line and column. */
export function recordsFromSource(data: unknown, options: BuildOptions, problems: Problems): RecordData[] {
  const context = createBuildContext(options, problems, "text");
  const items = readFileData(data, "KeeperRecord", problems);
  const records = items.map(({ item, place }) => buildItem(item, place, options, context));
  problems.throwIfAny();
  return records.filter((record) => record !== undefined);
}

const recordKeys = ["recordType", "record_type", "title", "notes", "fields", "customFields", "custom_fields"];

function buildItem(
  item: JsonObject,
  place: Place,
  options: BuildOptions,
  context: BuildContext,
): RecordData | undefined {
  const { problems } = context;
  refuseUnknownKeys(item, recordKeys, place, problems);
  const name = item["recordType"] ?? item["record_type"];
  const findType = (): RecordType | undefined =>
    findRecordType(readText(name) ?? name, options.registry, place.child("recordType"), problems);
  // The code of the error is that of the first problem: a missing type comes before the title, an unknown one after.
  const missing = name === undefined || name === null || name === "";
  if (missing) findType();
  const title = readTitle(item["title"], place.child("title"), problems);
  const type = missing ? undefined : findType();
  const notes = readNotes(item["notes"], place.child("notes"), problems);
  const { fields } = item;
  if (fields === undefined || fields === null) {
    problems.add("ERR_HELPER_FIELDS_MISSING", place, "needs a list of fields, which may be empty");
  }
  const standard = readEntries(fields, place.child("fields"), "ERR_HELPER_FIELDS_NOT_ARRAY", problems);
  const customKey = item["customFields"] === undefined ? "custom_fields" : "customFields";
  if (customKey === "customFields" && item["custom_fields"] !== undefined) {
    problems.add(
      "ERR_HELPER_UNKNOWN_KEY",
      place.child("custom_fields"),
      "is not read beside customFields: put the fields in one list",
    );
  }
  const custom = readEntries(
    item[customKey],
    place.child(customKey),
    "ERR_HELPER_CUSTOM_FIELDS_NOT_ARRAY",
    problems,
  );
  return buildRecord({ type, title, notes, standard, custom, place }, context);
}

function readEntries(value: unknown, place: Place, code: HelperErrorCode, problems: Problems): Entry[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.add(code, place, "must be a list");
    return [];
  }
  return value.flatMap((field: unknown, index): Entry[] => {
    const at = place.child(index);
    if (!isJsonObject(field)) {
      problems.add("ERR_HELPER_FIELD_NOT_OBJECT", at, "must be an object with type, label and value");
      return [];
    }
    const label = readLabel(field["label"], at.child("label"), problems);
    return [{ type: field["type"], label, value: field["value"], place: at, valuePlace: at.child("value") }];
  });
}

/**
 * Builds the records of a record file. All records or none.
 *
 * YAML scalars are text, whatever they look like: `password: 007` stays `007`. An unquoted empty scalar, `~` or `null`
 * is no value. The YAML library is loaded at the first YAML text.
 *
 * @throws {@link RecordHelperError} with everything that is wrong anywhere in the file, each with line and column.
 * @example
 * ```ts
 * const records = await recordsFromText(await readFile("records.yaml", "utf8"), "yaml");
 * ```
 */
export async function recordsFromText(
  text: string,
  format: SourceFormat,
  options: BuildOptions = {},
): Promise<RecordData[]> {
  const { value, locate } = await readSource(text, format);
  return recordsFromSource(value, options, new Problems(locate));
}
