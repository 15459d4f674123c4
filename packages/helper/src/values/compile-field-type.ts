/**
 * From a supplied value to the elements of a field's `value` (helper.md section 5). The typed builder, field arguments
 * and record files all use it, so that they agree.
 */
import { isJsonObject } from "@ksmkit/common";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { FieldTypeSpec, ValueSpec } from "../model/value-spec.ts";
import { enumValues } from "../tables/tables.ts";
import { type Check, checkBoolean, checkDate, checkInteger } from "./plain.ts";
import {
  listCheck,
  nestedObjectCheck,
  notAnObject,
  objectCheck,
  readJsonArray,
  readObjectText,
} from "./object.ts";
import { enumCheck, textCheck } from "./text.ts";

/** Turns a supplied value into stored elements. Values with a problem are reported and left out. */
export type Normalize = (supplied: unknown, place: Place, problems: Problems) => unknown[];

/** Makes the normalisation of a field type. */
export function compileFieldType(spec: FieldTypeSpec): Normalize {
  const { value } = spec;
  if (value.kind === "object") return objectElements(objectCheck(value, compileKey));
  const check = compileKey(value);
  if (spec.opaque) return elements(check, () => undefined);
  return elements(check, value.kind === "text" ? readTextArray : readJsonArray);
}

/** Makes the check of a key inside an object. */
function compileKey(spec: ValueSpec): Check {
  switch (spec.kind) {
    case "text":
      return textCheck(spec.format);
    case "enum":
      return enumCheck(enumValues(spec.of));
    case "boolean":
      return checkBoolean;
    case "integer":
      return checkInteger;
    case "date":
      return checkDate;
    case "list":
      return listCheck(spec);
    default:
      return nestedObjectCheck(objectCheck(spec, compileKey));
  }
}

/** Scalars: text may spell an array of them, if the type says so. */
function elements(check: Check, readArray: (text: string) => readonly unknown[] | undefined): Normalize {
  return (supplied, place, problems) => {
    if (supplied === undefined || supplied === null || supplied === "") return [];
    const list = typeof supplied === "string" ? readArray(supplied) : supplied;
    if (Array.isArray(list)) return checkEach(list, check, place, problems);
    const only = check(supplied, place, problems);
    return only === undefined ? [] : [only];
  };
}

/** Only an array of nothing but texts counts: any other text that happens to be JSON stays what it is. */
function readTextArray(text: string): readonly unknown[] | undefined {
  const array = readJsonArray(text);
  return array?.every((entry) => typeof entry === "string") ? array : undefined;
}

function objectElements(check: Check): Normalize {
  return (supplied, place, problems) => {
    if (supplied === undefined || supplied === null || supplied === "") return [];
    const value = typeof supplied === "string" ? readObjectText(supplied, place, problems) : supplied;
    if (value === undefined) return [];
    if (Array.isArray(value)) return checkEach(value, check, place, problems).filter(hasKeys);
    if (!isJsonObject(value)) return notAnObject(place, problems) ?? [];
    const only = check(value, place, problems);
    return hasKeys(only) ? [only] : [];
  };
}

function checkEach(list: readonly unknown[], check: Check, place: Place, problems: Problems): unknown[] {
  const stored: unknown[] = [];
  for (const [index, entry] of list.entries()) {
    if (entry === undefined || entry === null) continue;
    const checked = check(entry, place.child(index), problems);
    if (checked !== undefined) stored.push(checked);
  }
  return stored;
}

/** An object without keys is no element. */
function hasKeys(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length > 0;
}
