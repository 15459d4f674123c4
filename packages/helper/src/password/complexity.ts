/** Password rules as code and records state them, and passwords made by them (helper.md section 10; rule R12). */
import { isJsonObject, type Random } from "@ksmkit/common";
import { defaultSpecialSet, GeneratorError, generatePassword } from "@ksmkit/core/generators";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import { readInteger } from "../values/plain.ts";

/**
 * How a password is made, with the meaning of `generatePassword` of `@ksmkit/core`: a positive count is a minimum, a
 * negative one exactly that many, 0 none; a kind without a count may fill up the length. When all four counts are given,
 * none is positive and together they fall short of the length, negative counts are minima.
 *
 * Record type files and stored fields have a meaning of their own: see {@link StoredComplexity}.
 */
export interface PasswordComplexity {
  /** Length unless the counts add up to more, 1 to 1024. Default: 64. */
  readonly length?: number | undefined;
  /** Count of A–Z. Default: any. */
  readonly caps?: number | undefined;
  /** Count of a–z. Default: any. */
  readonly lowercase?: number | undefined;
  /** Count of 0–9. Default: any. */
  readonly digits?: number | undefined;
  /** Count of `"!@#$%()+;<>=?[]{}^.,`. Default: any. */
  readonly special?: number | undefined;
  /** Characters that must not occur. Default: none. */
  readonly filterCharacters?: string | readonly string[] | undefined;
}

/**
 * The complete rules as files and records hold them. A count that a file leaves out is 0, and a kind with count 0 is left
 * out as soon as another kind has a positive count.
 */
export interface StoredComplexity {
  readonly length: number;
  readonly caps: number;
  readonly lowercase: number;
  readonly digits: number;
  readonly special: number;
  readonly filter_characters: readonly string[] | null;
}

/** Checked rules for one password; a kind without a count may fill up the length. */
export interface GenerationRules {
  readonly length: number;
  readonly caps?: number;
  readonly lowercase?: number;
  readonly digits?: number;
  readonly special?: number;
  readonly filter_characters: readonly string[] | null;
}

/** The rules where none are given: 64 characters of every kind. */
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
const lowercase = "abcdefghijklmnopqrstuvwxyz";
/** The characters of each kind, in the order in which {@link storedRules} requires one of each. */
const kinds = [
  ["lowercase", lowercase],
  ["caps", lowercase.toUpperCase()],
  ["digits", "0123456789"],
  ["special", defaultSpecialSet],
] as const;

/** Checks the rules of a stored field or a file: counts that are left out are 0. */
export function checkComplexity(
  value: unknown,
  place: Place,
  problems: Problems,
): StoredComplexity | undefined {
  const rules = checkRules(value, place, problems);
  return rules && { ...defaultComplexity, ...rules };
}

/**
 * Checks rules given in code, and completes them for storing. A stored count of 0 excludes a kind, so a kind without a
 * count is stored with the count 1, as long as there is room for it.
 */
export function storedRules(value: unknown, place: Place, problems: Problems): StoredComplexity | undefined {
  const rules = checkRules(value, place, problems);
  if (!rules) return undefined;
  const stored: { -readonly [Key in keyof StoredComplexity]: StoredComplexity[Key] } = {
    ...defaultComplexity,
    ...rules,
  };
  if (kinds.every(([kind]) => rules[kind] === undefined)) return stored;
  let room = rules.length - kinds.reduce((sum, [kind]) => sum + Math.abs(rules[kind] ?? 0), 0);
  for (const [kind, characters] of kinds) {
    const isEmpty = Array.from(characters).every((char) => rules.filter_characters?.includes(char));
    if (rules[kind] === undefined && !isEmpty && room-- > 0) stored[kind] = 1;
  }
  return stored;
}

/**
 * Checks password rules. Numbers may be decimal text, as YAML files have them. Unknown keys are ignored, because vaults
 * add some.
 */
export function checkRules(value: unknown, place: Place, problems: Problems): GenerationRules | undefined {
  const invalid = (at: Place, message: string): undefined =>
    problems.add("ERR_HELPER_COMPLEXITY_INVALID", at, message);
  if (!isJsonObject(value)) return invalid(place, "must be an object such as { length: 20, digits: 2 }");
  const before = problems.count;
  const rules: { -readonly [Key in (typeof numbers)[number]]?: number } & { length: number } = {
    length: defaultComplexity.length,
  };
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
  rules: GenerationRules,
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
