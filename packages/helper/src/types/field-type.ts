/** Field types, ready to be used. */
import type { FieldTypeSpec } from "../model/value-spec.ts";
import { once } from "../tables/lazy.ts";
import { fieldTypeSpecs } from "../tables/tables.ts";
import { compileFieldType, type Normalize } from "../values/compile-field-type.ts";

/** A storable field type: its row of the table, and what turns supplied values into stored ones. */
export interface FieldType {
  readonly name: string;
  readonly spec: FieldTypeSpec;
  readonly normalize: Normalize;
}

const types = /* @__PURE__ */ once(
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
