import {
  checkOptions,
  CodedError,
  printable,
  type CodedErrorOptions,
  type OptionCheck,
} from "@ksmkit/common";
import type { CacheErrorCode } from "./codes.ts";

/** Every error of this package: `ERR_CACHE_*`. Errors of the service stay those of `@ksmkit/core`. */
export class CacheError extends CodedError<CacheErrorCode> {
  override readonly name = "CacheError";

  constructor(code: CacheErrorCode, message: string, options?: CodedErrorOptions) {
    super(code, printable(message, 2000), options);
  }
}

/** The error for an option that cannot be used. */
export function refuseOption(name: string, expected: string): CacheError {
  return new CacheError("ERR_CACHE_ARGUMENT_INVALID", `Option ${name} must be ${expected}.`);
}

/**
 * Refuses options that are no object, unknown or of the wrong kind.
 *
 * @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID`, with the nearest known name for an unknown one
 */
export function requireOptions(
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
  owner: string,
): void {
  const fault = checkOptions(options, checks, owner);
  if (fault !== undefined) throw new CacheError("ERR_CACHE_ARGUMENT_INVALID", fault);
}

/** A length of time or a count. */
export function numberFrom(least: number): OptionCheck {
  return {
    accepts: (value) => typeof value === "number" && value >= least,
    expected: `a number from ${least}`,
  };
}

/** Milliseconds that something waits or is kept alive, as many as timers take. */
export function timerMsFrom(least: number): OptionCheck {
  return {
    accepts: (value) => typeof value === "number" && value >= least && value <= longestMs,
    expected: `a number of milliseconds from ${least} to ${longestMs}`,
  };
}

/** An object with these methods. */
export function objectWith(expected: string, ...methods: readonly string[]): OptionCheck {
  return {
    accepts: (value) =>
      typeof value === "object" &&
      value !== null &&
      methods.every((name) => typeof Reflect.get(value, name) === "function"),
    expected,
    isRequired: true,
  };
}

/** Checks options that are lengths of time or counts: `undefined`, or a number from `least`. */
export function checkNumbers(options: object, least: number, ...names: readonly string[]): void {
  checkRange(options, least, Infinity, names, `a number from ${least}`);
}

// What timers take, and Redis as well: nearly 25 days.
const longestMs = 0x7fffffff;

/** Checks options that something waits for or keeps alive: `undefined`, or milliseconds that a timer takes. */
export function checkLimits(options: object, least: number, ...names: readonly string[]): void {
  const expected = `a number of milliseconds from ${least} to ${longestMs}`;
  checkRange(options, least, longestMs, names, expected);
}

function checkRange(
  options: object,
  least: number,
  most: number,
  names: readonly string[],
  expected: string,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name) || value === undefined) continue;
    if (!(typeof value === "number" && value >= least && value <= most)) throw refuseOption(name, expected);
  }
}
