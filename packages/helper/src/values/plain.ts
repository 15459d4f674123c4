/** Booleans, integers and dates (helper.md section 3.4, rules R5 and R6). */
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import { dateFaultText, readDate } from "./date.ts";

const truth: ReadonlyMap<string, boolean> = /* @__PURE__ */ new Map([
  ...["true", "yes", "y", "t", "on", "1"].map((word): [string, boolean] => [word, true]),
  ...["false", "no", "n", "f", "off", "0"].map((word): [string, boolean] => [word, false]),
]);

/** A boolean as JSON, as the usual words in any case, or as 0 and 1; `undefined` for anything else. */
export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  return typeof value === "string" || typeof value === "number"
    ? truth.get(String(value).toLowerCase())
    : undefined;
}

/** Reads a boolean, or reports that it is none. */
export function checkBoolean(value: unknown, place: Place, problems: Problems): boolean | undefined {
  return readBoolean(value) ?? problems.add("ERR_HELPER_INVALID_BOOLEAN", place, "must be true or false");
}

/** A whole number, also as decimal text; `undefined` for anything else. */
export function readInteger(value: unknown): number | undefined {
  const number = typeof value === "string" && /^-?[0-9]+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? Number(number) + 0 : undefined;
}

/** Reads an integer, or reports that it is none. */
export function checkInteger(value: unknown, place: Place, problems: Problems): number | undefined {
  return readInteger(value) ?? problems.add("ERR_HELPER_INVALID_VALUE", place, "must be a whole number");
}

/** Reads a date, or reports its problem. */
export function checkDate(value: unknown, place: Place, problems: Problems): number | undefined {
  const result = readDate(value);
  return typeof result === "number" ? result : problems.add(result, place, dateFaultText(result));
}

/**
 * Checks one value and returns what is stored. `undefined` means that nothing is stored: the value was null, empty where
 * that means "none", or wrong, which is then among the problems.
 */
export type Check = (value: unknown, place: Place, problems: Problems) => unknown;
