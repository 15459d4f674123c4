/** The check of what callers without types pass: one place for all public functions and constructors. */
import {
  checkOptions,
  flagOption,
  required,
  textOption,
  waitOptionChecks,
  type OptionCheck,
  type OptionChecks,
  type WaitOptions,
} from "@ksmkit/common";
import { ArgumentError } from "./errors.ts";

/**
 * Refuses options that are no object, unknown or of the wrong kind.
 *
 * @param owner the function or class, for the message
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`, with the nearest known name for an unknown one
 */
export function requireOptions(
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
  owner: string,
): void {
  const fault = checkOptions(options, checks, owner);
  if (fault !== undefined) throw new ArgumentError(fault);
}

/**
 * Refuses an argument that is not made by a class of this package.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function requireInstance(
  value: unknown,
  Class: abstract new (...parts: never[]) => object,
  name: string,
  expected: string,
): void {
  if (!(value instanceof Class)) throw new ArgumentError(`Argument ${name} must be ${expected}.`);
}

/**
 * Refuses an argument that is no function.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function requireFunction(value: unknown, name: string): void {
  if (typeof value !== "function") throw new ArgumentError(`Argument ${name} must be a function.`);
}

/** The text of a uid; an unknown one is found out later. */
export const uidOption: OptionCheck = { ...textOption, expected: "a uid" };

/** A uid, or a list of them, which may be empty. */
export const uidsOption: OptionCheck = {
  accepts: (value) => isUid(value) || (Array.isArray(value) && value.every(isUid)),
  expected: "a uid or a list of uids",
};

/** A list of texts. */
export const textsOption: OptionCheck = {
  accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  expected: "a list of texts",
};

/** An object. */
export const objectOption: OptionCheck = {
  accepts: (value) => typeof value === "object" && value !== null,
  expected: "an object",
};

/** Checks of options that only limit the wait. */
export const waitChecks: OptionChecks<WaitOptions> = waitOptionChecks;

/** Checks of `ReadOptions`. */
export const readChecks: Readonly<Record<"signal" | "timeoutMs" | "fresh" | "context", OptionCheck>> = {
  ...waitOptionChecks,
  fresh: flagOption,
  context: objectOption,
};

/** An option that is checked elsewhere, in more detail. */
export const anyOption: OptionCheck = { accepts: () => true, expected: "as described" };

/** The options that have a check here, without those of other functions. */
export function pickOptions<Options extends object>(
  options: Options,
  checks: Readonly<Record<string, OptionCheck>>,
): Options {
  const picked = Object.keys(checks).map((name) => [name, Reflect.get(options, name) as unknown] as const);
  return Object.fromEntries(picked.filter(([, value]) => value !== undefined)) as Options;
}

/** A uid that cannot be left out. */
export const requiredUid: OptionCheck = required(uidOption);

function isUid(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
