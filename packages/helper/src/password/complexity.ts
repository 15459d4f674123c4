/** Password rules as record types hold them, and passwords made by them (helper.md section 10; rule R12). */
import { isJsonObject, type Random } from "@ksmkit/common";
import { GeneratorError, generatePassword } from "@ksmkit/core/generators";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import { readInteger } from "../values/plain.ts";

/**
 * How a password is made. A positive count is a minimum, a negative one exactly that many. A kind with count 0 is left
 * out as soon as another kind has a positive count; with no counts at all every kind is used.
 */
export interface PasswordComplexity {
  /** Length unless the counts add up to more, 1 to 1024. Default: 64. */
  readonly length?: number | undefined;
  /** Count of A–Z. Default: 0. */
  readonly caps?: number | undefined;
  /** Count of a–z. Default: 0. */
  readonly lowercase?: number | undefined;
  /** Count of 0–9. Default: 0. */
  readonly digits?: number | undefined;
  /** Count of `"!@#$%()+;<>=?[]{}^.,`. Default: 0. */
  readonly special?: number | undefined;
  /** Characters that must not occur. Default: none. */
  readonly filterCharacters?: string | readonly string[] | undefined;
}

/** The complete rules, spelt as files and records spell them. */
export interface StoredComplexity {
  readonly length: number;
  readonly caps: number;
  readonly lowercase: number;
  readonly digits: number;
  readonly special: number;
  readonly filter_characters: readonly string[] | null;
}

/** What the rules are when nobody says: 64 characters of every kind. */
export const defaultComplexity: StoredComplexity = {
  length: 64,
  caps: 0,
  lowercase: 0,
  digits: 0,
  special: 0,
  filter_characters: null,
};

const maxLength = 1024;
const numbers = ["length", "caps", "lowercase", "digits", "special"] as const;

/**
 * Checks password rules and fills in the defaults. Numbers may be decimal text, as YAML files have them. Keys that are
 * not known are ignored: vaults add some.
 */
export function checkComplexity(
  value: unknown,
  place: Place,
  problems: Problems,
): StoredComplexity | undefined {
  const invalid = (at: Place, message: string): undefined =>
    problems.add("ERR_HELPER_COMPLEXITY_INVALID", at, message);
  if (!isJsonObject(value)) return invalid(place, "must be an object such as { length: 20, digits: 2 }");
  const before = problems.count;
  const rules: Record<(typeof numbers)[number], number> = { ...defaultComplexity };
  for (const key of numbers) {
    const supplied = value[key];
    if (supplied === undefined || supplied === null) continue;
    const number = readInteger(supplied);
    if (number === undefined || Math.abs(number) > maxLength || (key === "length" && number < 1)) {
      const range = key === "length" ? `1 to ${maxLength}` : `at most ${maxLength} either way`;
      invalid(place.child(key), `must be a whole number, ${range}`);
    } else rules[key] = number;
  }
  const filter = value["filterCharacters"] ?? value["filter_characters"] ?? null;
  const characters = typeof filter === "string" ? Array.from(filter) : filter;
  if (characters !== null && !isCharacters(characters)) {
    return invalid(place.child("filter_characters"), "must be text or a list of single characters");
  }
  return problems.count > before ? undefined : { ...rules, filter_characters: characters };
}

/**
 * Generates a password from a cryptographic source. Filtered characters are taken out before anything is drawn, so the
 * counts hold exactly.
 *
 * @param random Source of random bytes. Default: the platform's.
 */
export function passwordFor(
  rules: StoredComplexity,
  place: Place,
  problems: Problems,
  random?: Random,
): string | undefined {
  const { length, caps, lowercase, digits, special, filter_characters: filter } = rules;
  try {
    return generatePassword(
      { length, uppercase: caps, lowercase, digits, special, exclude: filter?.join("") },
      random ? { random } : {},
    );
  } catch (error) {
    if (!(error instanceof GeneratorError)) throw error;
    return problems.add(
      "ERR_HELPER_COMPLEXITY_UNSATISFIABLE",
      place,
      `no password can be generated (${error.message})`,
    );
  }
}

function isCharacters(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((entry) => typeof entry === "string" && Array.from(entry).length === 1)
  );
}
