import { CodedError } from "@ksmkit/common";
import type { CacheErrorCode } from "./codes.ts";

/** Every error of this package: `ERR_CACHE_*`. What the service answers stays an error of `@ksmkit/core`. */
export class CacheError extends CodedError<CacheErrorCode> {
  override readonly name = "CacheError";
}

/** The error for an option that cannot be used. */
export function refuseOption(name: string, expected: string): CacheError {
  return new CacheError("ERR_CACHE_ARGUMENT_INVALID", `Option ${name} must be ${expected}.`);
}

/** Checks options that are lengths of time or counts: `undefined`, or a number from `least`. */
export function checkNumbers(options: object, least: number, ...names: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name) || value === undefined) continue;
    if (!(typeof value === "number" && value >= least)) throw refuseOption(name, `a number from ${least}`);
  }
}
