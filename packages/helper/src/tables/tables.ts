/** The generated tables, made at first use and never changed. */
import type { FieldTypeSpec } from "../model/value-spec.ts";
import { enumTable, type EnumName } from "./enum-table.ts";
import { fieldTypeTable } from "./field-type-table.ts";
import { lazy } from "./lazy.ts";

const enums = /* @__PURE__ */ lazy(enumTable);
const fieldTypes = /* @__PURE__ */ lazy(
  (): ReadonlyMap<string, FieldTypeSpec> => new Map(Object.entries(fieldTypeTable())),
);

/** The values of an enumeration, in the spelling that is stored. */
export function enumValues(name: EnumName): readonly string[] {
  return enums()[name];
}

/** The storable field types by name, in alphabetical order. */
export function fieldTypeSpecs(): ReadonlyMap<string, FieldTypeSpec> {
  return fieldTypes();
}
