/** Fields of the custom section (helper.md sections 1, 3 and 5). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { FieldData } from "../model/record-data.ts";
import { checkComplexity, defaultComplexity, type StoredComplexity } from "../password/complexity.ts";
import { findFieldType, type FieldType } from "../types/field-type.ts";
import { checkBoolean } from "../values/plain.ts";
import { readText } from "../values/text.ts";
import type { Building } from "./build-context.ts";
import { refuseUnknownKeys } from "./known-keys.ts";
import { fieldElements } from "./stored-field.ts";

interface Draft {
  type: string;
  label?: string;
  required?: boolean;
  privacyScreen?: boolean;
  value: readonly unknown[];
  enforceGeneration?: boolean;
  complexity?: object;
}

const fieldKeys = ["type", "label", "value", "required", "privacyScreen"];
const passwordKeys = [...fieldKeys, "enforceGeneration", "complexity"];

/** Finds the type that a field names, or notes that there is none. */
export function requireFieldType(name: unknown, place: Place, problems: Problems): FieldType | undefined {
  const type = typeof name === "string" ? findFieldType(name) : undefined;
  return type ?? problems.add("ERR_HELPER_UNKNOWN_FIELD_TYPE", place, unknownTypeText(name));
}

/** Says that a field type is unknown; quotes what is a name and no more. */
export function unknownTypeText(name: unknown): string {
  return typeof name === "string" && /^\w{1,40}$/.test(name)
    ? `no field type is called ${name}`
    : "names no field type";
}

/** Reads a label: text, or a number or truth value as text; `undefined` when there is none. */
export function readLabel(value: unknown, place: Place, problems: Problems): string | undefined {
  if (value === undefined || value === null) return undefined;
  const label = readText(value);
  return label === undefined
    ? problems.add("ERR_HELPER_INVALID_VALUE", place, "must be text")
    : label || undefined;
}

/**
 * Makes a field from what {@link field} or a caller without types gives. Flags are kept as given.
 *
 * @param finished Whether the field may be a stored one already, whose enforced password is not generated again.
 */
export function customField(
  input: unknown,
  place: Place,
  building: Building,
  finished: boolean,
): FieldData | undefined {
  const { problems } = building;
  if (!isJsonObject(input)) return problems.add("ERR_HELPER_FIELD_NOT_OBJECT", place, "must be a field");
  const type = requireFieldType(input["type"], place.child("type"), problems);
  if (!type) return undefined;
  // A stored field may hold what only newer vaults know; what somebody writes by hand may be a slip.
  if (!finished)
    refuseUnknownKeys(input, type.name === "password" ? passwordKeys : fieldKeys, place, problems);
  const draft: Draft = { type: type.name, value: [] };
  const label = readLabel(input["label"], place.child("label"), problems);
  if (label !== undefined) draft.label = label;
  for (const flag of ["required", "privacyScreen"] as const) {
    const given = input[flag];
    if (given === undefined || given === null) continue;
    const read = checkBoolean(given, place.child(flag), problems);
    if (read !== undefined) draft[flag] = read;
  }
  if (type.name === "password") fillPassword(draft, type, input, place, building, finished);
  else draft.value = type.normalize(input["value"], place.child("value"), problems);
  return draft;
}

function fillPassword(
  draft: Draft,
  type: FieldType,
  input: JsonObject,
  place: Place,
  building: Building,
  finished: boolean,
): void {
  const { value, enforceGeneration, complexity } = input;
  const enforced = readEnforced(enforceGeneration, place.child("enforceGeneration"), building.problems);
  if (enforced !== undefined) draft.enforceGeneration = enforced;
  let rules: StoredComplexity | undefined;
  if (complexity !== undefined && complexity !== null) {
    rules = checkComplexity(complexity, place.child("complexity"), building.problems);
    // A stored field keeps its rules as they are; vaults may know more about them than we do.
    if (rules) draft.complexity = finished ? complexity : rules;
  }
  const kept = finished && Array.isArray(value) && value.length > 0;
  const rule = { type, enforceGeneration: enforced && !kept, complexity: rules };
  draft.value = fieldElements(rule, value, place.child("value"), building);
  if (rule.enforceGeneration) draft.complexity ??= defaultComplexity;
}

/** Reads the flag of a field; unlike other flags it must be a boolean already. */
function readEnforced(value: unknown, place: Place, problems: Problems): boolean | undefined {
  if (value === undefined || value === null || typeof value === "boolean") return value ?? undefined;
  return problems.add("ERR_HELPER_ENFORCE_GENERATION_NOT_BOOLEAN", place, "must be true or false");
}
