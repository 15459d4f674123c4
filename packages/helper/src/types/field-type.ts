/** Field types, ready to be used. */
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { FieldTypeSpec } from "../model/value-spec.ts";
import { lazy } from "../tables/lazy.ts";
import { fieldTypeSpecs } from "../tables/tables.ts";
import { compileFieldType, type Normalize } from "../values/compile-field-type.ts";

/** A storable field type: its row of the table, and what turns supplied values into stored ones. */
export interface FieldType {
  readonly name: string;
  readonly spec: FieldTypeSpec;
  readonly normalize: Normalize;
}

const types = /* @__PURE__ */ lazy(
  (): ReadonlyMap<string, FieldType> =>
    new Map(
      Array.from(fieldTypeSpecs(), ([name, spec]) => [
        name,
        { name, spec, normalize: compileFieldType(spec) },
      ]),
    ),
);

/** Finds a storable field type; names are case-sensitive. */
export function findFieldType(name: string): FieldType | undefined {
  return types().get(name);
}

/**
 * Lists the names of the storable field types, in alphabetical order.
 *
 * @example
 * ```ts
 * fieldTypeNames().includes("pamHostname"); // true
 * ```
 */
export function fieldTypeNames(): string[] {
  return [...types().keys()];
}

/** Finds the type that a field names, or reports that there is none. */
export function requireFieldType(name: unknown, place: Place, problems: Problems): FieldType | undefined {
  const type = typeof name === "string" ? findFieldType(name) : undefined;
  return type ?? problems.add("ERR_HELPER_UNKNOWN_FIELD_TYPE", place, unknownTypeText(name));
}

/** The message for an unknown field type; it quotes a name only. */
export function unknownTypeText(name: unknown): string {
  return typeof name === "string" && /^\w{1,40}$/.test(name)
    ? `no field type is called ${name}`
    : "names no field type";
}
