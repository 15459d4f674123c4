/**
 * Fields as they are stored: the elements as the type makes them or a generated password (helper.md section 10.1), no
 * blank label, no false flag (section 1).
 */
import type { Place } from "../errors/place.ts";
import { type StoredComplexity, checkRules, defaultComplexity, passwordFor } from "../password/complexity.ts";
import { GeneratedPassword } from "../password/password.ts";
import type { FieldType } from "../types/field-type.ts";
import { checkExpiryDates, checkPlaceholders } from "../values/impossible.ts";
import type { BuildContext } from "./build-context.ts";
import type { FieldData } from "../model/record-data.ts";
import type { Slot } from "../types/slot.ts";

/** What a slot or field says about its value. */
export interface FieldRule {
  readonly type: FieldType;
  readonly enforceGeneration?: boolean | undefined;
  readonly complexity?: StoredComplexity | undefined;
}

/** Makes the elements of a field; what is wrong with the value is among the problems. */
export function fieldElements(
  rule: FieldRule,
  supplied: unknown,
  place: Place,
  context: BuildContext,
): unknown[] {
  const elements =
    rule.type.name === "password"
      ? passwordElements(rule, supplied, place, context)
      : rule.type.normalize(supplied, place, context.problems);
  for (const [index, element] of elements.entries()) {
    const at = Array.isArray(supplied) ? place.child(index) : place;
    if (context.strict) checkPlaceholders(element, at, context.problems);
    if (context.refuseImpossible) checkExpiryDates(rule.type.spec.value, element, at, context.problems);
  }
  return elements;
}

/**
 * Returns the elements: an enforced or requested password is generated, and so is a missing one when the build
 * generates passwords; anything else is stored as given.
 */
function passwordElements(
  rule: FieldRule,
  supplied: unknown,
  place: Place,
  context: BuildContext,
): unknown[] {
  const marker = supplied instanceof GeneratedPassword ? supplied : undefined;
  if (!rule.enforceGeneration && !marker) {
    const given = rule.type.normalize(supplied, place, context.problems);
    if (given.length > 0 || !context.generatePasswords) return given;
  }
  const rules =
    marker?.complexity === undefined
      ? (context.complexity ?? rule.complexity ?? defaultComplexity)
      : checkRules(marker.complexity, place, context.problems);
  const password = rules && passwordFor(rules, place, context.problems, context.random);
  return password === undefined ? [] : [password];
}

/** Writes the field of a slot. A label of the caller's own stands in for one that the slot does not have. */
export function emitSlot(
  slot: Slot,
  value: readonly unknown[],
  context: BuildContext,
  callerLabel?: string,
): FieldData {
  const label = callerLabel ?? slot.labelIn(context.labelStyle);
  const type = slot.type.name;
  const field: Draft = label === undefined ? { type, value } : { type, label, value };
  if (slot.required === true) field.required = true;
  if (slot.privacyScreen === true) field.privacyScreen = true;
  return field;
}

interface Draft {
  type: string;
  value: readonly unknown[];
  label?: string;
  required?: boolean;
  privacyScreen?: boolean;
}
