/**
 * Values that have the right form and still cannot be meant: placeholders of a template, months that do not exist. The
 * official helper checks the form only, and so do field arguments and record files unless they are strict.
 */
import { isJsonObject } from "@ksmkit/common";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { ValueSpec } from "../model/value-spec.ts";

const placeholderStart = "<#ADD:";

/** Makes the text that a template shows in the place of a value. */
export function placeholder(text: string): string {
  return `${placeholderStart} ${text}>`;
}

/** Reports every text inside a value that still holds the placeholder of a template. */
export function checkPlaceholders(value: unknown, place: Place, problems: Problems): void {
  if (typeof value === "string") {
    if (value.includes(placeholderStart))
      problems.add(
        "ERR_HELPER_PLACEHOLDER_LEFT",
        place,
        "is still the placeholder of a template: fill it in",
      );
  } else if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) checkPlaceholders(entry, place.child(index), problems);
  } else if (isJsonObject(value)) {
    for (const [key, member] of Object.entries(value)) checkPlaceholders(member, place.child(key), problems);
  }
}

/** Reports every card expiry inside a stored value whose month or year does not exist. */
export function checkExpiryDates(spec: ValueSpec, value: unknown, place: Place, problems: Problems): void {
  if (spec.kind === "object" && isJsonObject(value)) {
    for (const [key, member] of Object.entries(spec.keys))
      if (Object.hasOwn(value, key)) checkExpiryDates(member, value[key], place.child(key), problems);
  } else if (spec.kind === "text" && spec.format === "cardExpiry" && typeof value === "string") {
    const [month, year] = value.split("/").map(Number);
    if (month === undefined || month < 1 || month > 12 || year === 0)
      problems.add("ERR_HELPER_INVALID_FORMAT", place, "must be written MM/YYYY, with a month from 01 to 12");
  }
}
