/** Slots from the rows of a type file or definition, checked (helper.md section 11; rule R13). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { refuseUnknownKeys, readLabel } from "../build/read-input.ts";
import type { HelperErrorCode } from "../errors/codes.ts";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import { checkComplexity, type StoredComplexity } from "../password/complexity.ts";
import { readBoolean, readInteger } from "../values/plain.ts";
import { camelCase } from "./labels.ts";
import { Slot } from "./slot.ts";
import { requireFieldType } from "./field-type.ts";

/** How a form of type file spells the attributes of a slot. */
export interface RowNames {
  /** All keys of a row, where others are mistakes; exports of a vault may hold more than we know. */
  readonly known?: readonly string[];
  readonly type: string;
  readonly privacyScreen: string;
  readonly enforceGeneration: string;
  readonly allowMultiple: string;
}

/** Reads the rows of one type; rows with a problem are reported and left out. */
export function slotsFromRows(
  rows: readonly unknown[],
  names: RowNames,
  place: Place,
  problems: Problems,
): Slot[] {
  const used = new Set<string>();
  return rows
    .map((row, index) => slotFromRow(row, names, used, place.child(index), problems))
    .filter((slot) => slot !== undefined);
}

function slotFromRow(
  row: unknown,
  names: RowNames,
  used: Set<string>,
  place: Place,
  problems: Problems,
): Slot | undefined {
  if (!isJsonObject(row)) return problems.add("ERR_HELPER_FIELD_NOT_OBJECT", place, "must be an object");
  if (names.known) refuseUnknownKeys(row, names.known, place, problems);
  const type = requireFieldType(row[names.type], place.child(names.type), problems);
  const flag = (key: string, code: HelperErrorCode = "ERR_HELPER_INVALID_BOOLEAN"): boolean | undefined =>
    readFlag(row, key, code, place, problems);
  const label = readLabel(row["label"], place.child("label"), problems);
  const options = {
    label,
    required: flag("required"),
    privacyScreen: flag(names.privacyScreen),
    enforceGeneration: flag(names.enforceGeneration, "ERR_HELPER_ENFORCE_GENERATION_NOT_BOOLEAN"),
    allowMultiple: flag(names.allowMultiple),
    ...readComplexity(row["complexity"], place.child("complexity"), problems),
  };
  return type && new Slot({ ...options, type, key: freeKey(label, type.name, used) });
}

function readFlag(
  row: JsonObject,
  key: string,
  code: HelperErrorCode,
  place: Place,
  problems: Problems,
): boolean | undefined {
  const value = row[key];
  if (value === undefined || value === null || value === "") return undefined;
  return readBoolean(value) ?? problems.add(code, place.child(key), "must be true or false");
}

const counts = /* @__PURE__ */ new Set(["length", "caps", "lowercase", "digits", "special"]);

function readComplexity(
  value: unknown,
  place: Place,
  problems: Problems,
): { complexity?: StoredComplexity; givenComplexity?: object } {
  if (value === undefined || value === null || value === "") return {};
  const complexity = checkComplexity(value, place, problems);
  if (!complexity || !isJsonObject(value)) return {};
  // Numbers as numbers, and only what was said.
  const given = Object.entries(value).map(([key, entry]) => [
    key,
    typeof entry === "string" && counts.has(key) ? (readInteger(entry) ?? entry) : entry,
  ]);
  return { complexity, givenComplexity: Object.fromEntries(given) as object };
}

/** A name for the slot in the typed builder: its label in camel case, else its type; numbered when that is taken. */
function freeKey(label: string | undefined, type: string, used: Set<string>): string {
  const base = (label === undefined ? "" : camelCase(label)) || type;
  let key = base;
  for (let number = 2; used.has(key); number++) key = `${base}${number}`;
  used.add(key);
  return key;
}
