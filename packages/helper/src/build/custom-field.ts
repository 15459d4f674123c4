/** Fields of the custom section (helper.md sections 1, 3 and 5). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { FieldData } from "../model/record-data.ts";
import {
  checkComplexity,
  defaultComplexity,
  storedRules,
  type StoredComplexity,
} from "../password/complexity.ts";
import { requireFieldType, type FieldType } from "../types/field-type.ts";
import { checkBoolean } from "../values/plain.ts";
import type { BuildContext } from "./build-context.ts";
import { readLabel, refuseUnknownKeys } from "./read-input.ts";
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

/**
 * Makes a field from the input of {@link field} or of a caller without types. Flags are kept as given.
 *
 * @param finished Whether the field may be a stored one already, whose enforced password is not generated again.
 */
export function customField(
  input: unknown,
  place: Place,
  context: BuildContext,
  finished: boolean,
): FieldData | undefined {
  const { problems } = context;
  if (!isJsonObject(input)) return problems.add("ERR_HELPER_FIELD_NOT_OBJECT", place, "must be a field");
  const type = requireFieldType(input["type"], place.child("type"), problems);
  if (!type) return undefined;
  // A stored field may hold what only newer vaults know; an unknown key in code is a mistake.
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
  if (type.name === "password") fillPassword(draft, type, input, place, context, finished);
  else if (finished && !context.strict)
    // A vault may hold what code would refuse; it is kept.
    draft.value = type.normalize(input["value"], place.child("value"), problems);
  else draft.value = fieldElements({ type }, input["value"], place.child("value"), context);
  return draft;
}

function fillPassword(
  draft: Draft,
  type: FieldType,
  input: JsonObject,
  place: Place,
  context: BuildContext,
  finished: boolean,
): void {
  const { value, enforceGeneration, complexity } = input;
  const enforced = readEnforced(enforceGeneration, place.child("enforceGeneration"), context.problems);
  if (enforced !== undefined) draft.enforceGeneration = enforced;
  let rules: StoredComplexity | undefined;
  if (complexity !== undefined && complexity !== null) {
    rules = finished
      ? checkComplexity(complexity, place.child("complexity"), context.problems)
      : storedRules(complexity, place.child("complexity"), context.problems);
    // A stored field keeps its rules as they are; vaults may know more about them than this package.
    if (rules) draft.complexity = finished ? complexity : rules;
  }
  const kept = finished && Array.isArray(value) && value.length > 0;
  const rule = { type, enforceGeneration: enforced && !kept, complexity: rules };
  draft.value = fieldElements(rule, value, place.child("value"), context);
  if (rule.enforceGeneration) draft.complexity ??= defaultComplexity;
}

/** Reads the flag of a field; unlike other flags it must be a boolean already. */
function readEnforced(value: unknown, place: Place, problems: Problems): boolean | undefined {
  if (value === undefined || value === null || typeof value === "boolean") return value ?? undefined;
  return problems.add("ERR_HELPER_ENFORCE_GENERATION_NOT_BOOLEAN", place, "must be true or false");
}
