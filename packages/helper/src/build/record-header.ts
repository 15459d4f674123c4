/** Title and notes, the same for every kind of input (helper.md sections 1 and 7). */
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
