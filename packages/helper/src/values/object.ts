/** Objects and the arrays inside them (helper.md sections 3.2 and 5). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { ListSpec, ObjectSpec } from "../model/value-spec.ts";
import { readJson } from "../source/read-json.ts";
import { copyJson, setMember } from "./copy-json.ts";
import type { Check } from "./plain.ts";
import { checkText, textCheck } from "./text.ts";

/**
 * Makes the check for an object: known keys first, in the table's order, then the others, which only an open type
 * keeps. Keys without a value are left out.
 */
export function objectCheck(spec: ObjectSpec, compile: (key: ObjectSpec["keys"][string]) => Check): Check {
  const checks = new Map(Object.entries(spec.keys).map(([key, value]) => [key, compile(value)]));
  return (value, place, problems) => {
    if (!isJsonObject(value)) return notAnObject(place, problems);
    const stored: JsonObject = {};
    for (const [key, check] of checks) {
      const supplied = Object.hasOwn(value, key) ? value[key] : undefined;
      if (supplied === undefined || supplied === null) continue;
      const checked = check(supplied, place.child(key), problems);
      if (checked !== undefined) stored[key] = checked;
    }
    for (const key of Object.keys(value)) {
      if (!checks.has(key)) keepUnknown(spec, stored, key, value[key], place, problems);
    }
    return stored;
  };
}

function keepUnknown(
  spec: ObjectSpec,
  stored: JsonObject,
  key: string,
  supplied: unknown,
  place: Place,
  problems: Problems,
): void {
  if (!spec.open) {
    problems.add(
      "ERR_HELPER_UNKNOWN_VALUE_KEY",
      place.child(key),
      `is not one of the keys ${Object.keys(spec.keys).join(", ")}`,
    );
    return;
  }
  if (supplied === undefined || supplied === null) return;
  const copy = copyJson(supplied);
  if (copy === undefined) problems.add("ERR_HELPER_INVALID_VALUE", place.child(key), "must be JSON");
  else setMember(stored, key, copy);
}

/** Makes the check for an object inside an object: also as its JSON text, or, as some SDKs write it, alone in an array. */
export function nestedObjectCheck(check: Check): Check {
  return (value, place, problems) => {
    const object = typeof value === "string" ? readObjectText(value, place, problems) : value;
    if (object === undefined) return undefined;
    return check(Array.isArray(object) && object.length === 1 ? object[0] : object, place, problems);
  };
}

/** Makes the check for an array inside an object: also as its JSON text; a lone text is an array of one. */
export function listCheck(spec: ListSpec): Check {
  const check = spec.of === "uid" ? textCheck("uid") : checkText;
  return (value, place, problems) => {
    const list = typeof value === "string" ? (readJsonArray(value) ?? value) : value;
    if (!Array.isArray(list)) {
      const only = check(list, place, problems);
      return only === undefined ? undefined : [only];
    }
    return list
      .map((entry, index) => (entry === null ? undefined : check(entry, place.child(index), problems)))
      .filter((entry) => entry !== undefined);
  };
}

/** The array that a text spells in JSON; `undefined` for any other text. */
export function readJsonArray(text: string): unknown[] | undefined {
  if (!/^[ \t\n\r]*\[/.test(text)) return undefined;
  const document = readJson(text);
  return !document.fault && Array.isArray(document.value) ? document.value : undefined;
}

/** What a text for an object type spells: text that looks like JSON must be JSON, any other text is no object. */
export function readObjectText(text: string, place: Place, problems: Problems): unknown {
  if (!/^[ \t\n\r]*[[{]/.test(text)) return notAnObject(place, problems);
  const document = readJson(text);
  if (!document.fault) return document.value;
  const { message, position } = document.fault;
  return problems.add(
    "ERR_HELPER_INVALID_JSON",
    place,
    `is not valid JSON: ${message} (line ${position.line}, column ${position.column} of the value)`,
  );
}

/** Reports that an object is needed. */
export function notAnObject(place: Place, problems: Problems): undefined {
  return problems.add("ERR_HELPER_VALUE_NOT_OBJECT", place, "must be an object");
}
