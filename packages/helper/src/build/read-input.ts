/** What every kind of input shares: title, notes, labels, keys that are not known (helper.md sections 1 and 7). */
import type { JsonObject } from "@ksmkit/common";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import { readText } from "../values/text.ts";

/** Reads the title: text, or a number or truth value as text. */
export function readTitle(value: unknown, place: Place, problems: Problems): string | undefined {
  if (value === undefined || value === null || value === "") {
    return problems.add("ERR_HELPER_TITLE_MISSING", place, "is missing or empty");
  }
  return readText(value) ?? problems.add("ERR_HELPER_TITLE_NOT_STRING", place, "must be text");
}

/** Reads the notes; `undefined` when there are none. */
export function readNotes(value: unknown, place: Place, problems: Problems): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return readText(value) ?? problems.add("ERR_HELPER_NOTES_NOT_STRING", place, "must be text");
}

/** Reports every key of an object that is not known: a misspelt one would lose its value. */
export function refuseUnknownKeys(
  object: JsonObject,
  known: readonly string[],
  place: Place,
  problems: Problems,
): void {
  for (const key in object) {
    if (!Object.hasOwn(object, key) || known.includes(key)) continue;
    problems.add(
      "ERR_HELPER_UNKNOWN_KEY",
      place.child(key),
      `is not read here; there are ${known.join(", ")}`,
    );
  }
}

/** Reads a label: text, or a number or truth value as text; `undefined` when there is none. */
export function readLabel(value: unknown, place: Place, problems: Problems): string | undefined {
  if (value === undefined || value === null) return undefined;
  const label = readText(value);
  return label === undefined
    ? problems.add("ERR_HELPER_INVALID_VALUE", place, "must be text")
    : label || undefined;
}
