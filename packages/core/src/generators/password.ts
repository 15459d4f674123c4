/** Random passwords by rules (ksm-protocol section 15; vectors `ksm-password.json`). */
import { functionOption, platformRandom, type OptionChecks } from "@ksmkit/common";
import { GeneratorError } from "../errors/errors.ts";
import { anyOption, requireOptions } from "../errors/require-options.ts";
import type { RandomOptions } from "./uid.ts";
import { uniformDraw } from "./uniform.ts";

/**
 * How many characters of each kind. A positive count is a minimum, a negative one exactly that many, 0 none;
 * without a count the kind may fill up the length. When all four counts are given, none is positive and together
 * they fall short of the length, negative counts are minima.
 */
export interface PasswordRules {
  /** Length unless the counts add up to more. Default: 32. */
  length?: number | null | undefined;
  /** Count of a–z. */
  lowercase?: number | null | undefined;
  /** Count of A–Z. */
  uppercase?: number | null | undefined;
  /** Count of 0–9. */
  digits?: number | null | undefined;
  /** Count of characters from `specialSet`. */
  special?: number | null | undefined;
  /** Special characters; one that stands twice is drawn twice as often. Default: {@link defaultSpecialSet}. */
  specialSet?: string | null | undefined;
  /** Characters that never occur, taken out of every kind before anything is drawn. Default: none. */
  exclude?: string | null | undefined;
}

/** The special characters used unless the rules name others. */
export const defaultSpecialSet = '"!@#$%()+;<>=?[]{}^.,';

/** The names; what they hold is checked where the rules are read. */
const ruleChecks: OptionChecks<PasswordRules> = {
  length: anyOption,
  lowercase: anyOption,
  uppercase: anyOption,
  digits: anyOption,
  special: anyOption,
  specialSet: anyOption,
  exclude: anyOption,
};

const lower = "abcdefghijklmnopqrstuvwxyz";
const maxLength = 10_000;

/** Characters to draw of one kind. */
export interface PasswordKind {
  /** The characters to draw from, by code point; not empty. */
  readonly chars: readonly string[];
  readonly count: number;
}

/**
 * What a password that follows the rules is drawn from, in the order in which the kinds are drawn; the last fills up the
 * length.
 *
 * @throws {@link GeneratorError} `ERR_KSM_PASSWORD_RULES_INVALID`
 */
export function planPassword(rules: PasswordRules): PasswordKind[] {
  const length = wholeNumber(rules.length ?? 32);
  const given: [string, number | null | undefined][] = [
    [lower, rules.lowercase],
    [lower.toUpperCase(), rules.uppercase],
    ["0123456789", rules.digits],
    [rules.specialSet ?? defaultSpecialSet, rules.special],
  ];
  // By code point: a set may hold characters beyond 16 bits.
  const excluded = new Set(rules.exclude);
  const kinds = given.map(([set, count]) => ({
    chars: Array.from(set).filter((char) => !excluded.has(char)),
    count: countOf(count),
  }));
  const sum = kinds.reduce((total, { count = 0 }) => total + Math.abs(count), 0);
  if (Math.max(length, sum) > maxLength) fail(`at most ${maxLength} characters are possible`);
  const exactFallsShort = sum < length && kinds.every(({ count }) => count !== undefined && count <= 0);
  const fills = kinds.filter(
    ({ count }) => count === undefined || count > 0 || (exactFallsShort && count < 0),
  );
  const filler = fills.flatMap(({ chars }) => chars);
  const rest = {
    chars: filler.length > 0 ? filler : kinds.flatMap(({ chars }) => chars),
    count: length - sum,
  };
  const plan = [...kinds.map(({ chars, count = 0 }) => ({ chars, count: Math.abs(count) })), rest].filter(
    ({ count }) => count > 0,
  );
  if (plan.some(({ chars }) => chars.length === 0)) fail("a kind that is required has no characters left");
  return plan;
}

/**
 * Generates a password. Every character and the order of them is drawn uniformly from a cryptographic source.
 *
 * @throws {@link GeneratorError} `ERR_KSM_PASSWORD_RULES_INVALID`: a count that is no whole number, characters
 *   required from an empty set, or more than 10 000 characters; {@link ArgumentError} for an unknown rule.
 * @example
 * ```ts
 * generatePassword({ length: 20, digits: 2, special: 0 }); // 20 letters and digits, at least two digits
 * ```
 */
export function generatePassword(rules: PasswordRules = {}, options: RandomOptions = {}): string {
  requireOptions(rules, ruleChecks, "generatePassword");
  requireOptions(options, { random: functionOption }, "generatePassword");
  const plan = planPassword(rules);
  const total = plan.reduce((sum, { count }) => sum + count, 0);
  const draw = uniformDraw(options.random ?? platformRandom, 2 * total);
  const password = plan.flatMap(({ chars, count }) =>
    Array.from({ length: count }, () => chars[draw(chars.length)] ?? ""),
  );
  // Fisher–Yates: without it the kinds would be in a known order.
  for (let i = password.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    [password[i], password[j]] = [password[j] ?? "", password[i] ?? ""];
  }
  return password.join("");
}

function countOf(count: number | null | undefined): number | undefined {
  return count === null || count === undefined ? undefined : wholeNumber(count);
}

function wholeNumber(value: number): number {
  return Number.isSafeInteger(value) ? value : fail("lengths and counts must be whole numbers");
}

function fail(reason: string): never {
  throw new GeneratorError("ERR_KSM_PASSWORD_RULES_INVALID", `The password rules cannot be met: ${reason}.`);
}
