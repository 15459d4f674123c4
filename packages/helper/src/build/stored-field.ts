/** The elements of a field: as its type makes them, or a generated password (helper.md section 10.1). */
import type { Place } from "../errors/place.ts";
import {
  checkComplexity,
  defaultComplexity,
  passwordFor,
  type StoredComplexity,
} from "../password/complexity.ts";
import { GeneratedPassword } from "../password/password.ts";
import type { FieldType } from "../types/field-type.ts";
import type { Building } from "./build-context.ts";

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
  building: Building,
): unknown[] {
  return rule.type.name === "password"
    ? passwordElements(rule, supplied, place, building)
    : rule.type.normalize(supplied, place, building.problems);
}

/**
 * Gives the elements: an enforced or asked-for password is generated, so is a missing one when the build generates
 * passwords; anything else is stored as given.
 */
function passwordElements(rule: FieldRule, supplied: unknown, place: Place, building: Building): unknown[] {
  const marker = supplied instanceof GeneratedPassword ? supplied : undefined;
  if (!rule.enforceGeneration && !marker) {
    const given = rule.type.normalize(supplied, place, building.problems);
    if (given.length > 0 || !building.generatePasswords) return given;
  }
  const rules =
    marker?.complexity === undefined
      ? (building.complexity ?? rule.complexity ?? defaultComplexity)
      : checkComplexity(marker.complexity, place, building.problems);
  const password = rules && passwordFor(rules, place, building.problems, building.random);
  return password === undefined ? [] : [password];
}
