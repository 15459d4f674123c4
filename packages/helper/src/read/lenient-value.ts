/** Stored values in the form of their type, whichever client wrote them (helper.md sections 16 and 17.3). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import type { ValueSpec } from "../model/value-spec.ts";
import { setMember } from "../values/copy-json.ts";
import { readDate } from "../values/date.ts";
import { readBoolean, readInteger } from "../values/plain.ts";
import { readText } from "../values/text.ts";

/**
 * Reads one stored value: numbers and objects as text where text belongs, `"true"` as a truth value, an object out of
 * an array of one. `undefined` when nothing of the kind can be made of it.
 */
export function lenientValue(spec: ValueSpec, value: unknown): unknown {
  switch (spec.kind) {
    case "text":
    case "enum":
      return (
        readText(value) ?? (typeof value === "object" && value !== null ? JSON.stringify(value) : undefined)
      );
    case "boolean":
      return readBoolean(value);
    case "integer":
      return readInteger(value);
    case "date": {
      const date = readDate(value);
      return typeof date === "number" ? date : undefined;
    }
    case "list":
      return (Array.isArray(value) ? value : [value]).map(readText).filter((entry) => entry !== undefined);
    default:
      return lenientObject(spec.keys, value);
  }
}

function lenientObject(keys: Readonly<Record<string, ValueSpec>>, value: unknown): JsonObject | undefined {
  const object: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (!isJsonObject(object)) return undefined;
  const read: JsonObject = {};
  for (const [key, member] of Object.entries(object)) {
    const spec = Object.hasOwn(keys, key) ? keys[key] : undefined;
    const found = spec && member !== null ? lenientValue(spec, member) : member;
    if (found !== undefined && found !== null) setMember(read, key, found);
  }
  return read;
}

/** Reads the elements of a field; what cannot be read is left out. */
export function lenientElements(type: string, spec: ValueSpec, elements: readonly unknown[]): unknown[] {
  return elements
    .filter((element) => !isUnsetSchedule(type, element))
    .map((element) => lenientValue(spec, element))
    .filter((element) => element !== undefined);
}

/** The official helper writes an unset schedule as `{ "type": "schedule" }` (rule R10). */
function isUnsetSchedule(type: string, element: unknown): boolean {
  return (
    type === "schedule" &&
    isJsonObject(element) &&
    element["type"] === "schedule" &&
    Object.keys(element).length === 1
  );
}
