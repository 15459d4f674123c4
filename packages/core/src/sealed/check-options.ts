/** Refuses options of a sealed storage that cannot work, before anything rests on them. */
import { ArgumentError } from "../errors/errors.ts";
import type { KeyWrapper } from "./key-wrapper.ts";
import type { SealingOptions } from "./sealing-options.ts";

const choices = {
  plaintext: ["migrate", "allow", "refuse"],
  layout: ["standard", "direct"],
} as const;

/**
 * Checks what a typo would turn into less protection, or into an error far from its cause.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function checkSealingOptions(options: SealingOptions): void {
  for (const [name, allowed] of Object.entries(choices))
    checkChoice(name, options[name as keyof typeof choices], allowed);
  for (const name of ["kmsTimeoutMs", "storeTimeoutMs"] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === "number" && value > 0))
      throw invalid(`Option ${name} must be a positive number of milliseconds.`);
  }
  for (const name of ["onWarning", "random"] as const)
    if (options[name] !== undefined && typeof options[name] !== "function")
      throw invalid(`Option ${name} must be a function.`);
}

/** Checks that an option, if given, is one of some words. @throws {@link ArgumentError} */
export function checkChoice(name: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || (typeof value === "string" && allowed.includes(value))) return;
  throw invalid(`Option ${name} must be one of ${allowed.join(", ")}.`);
}

/** Checks that something has the two methods of a key wrapper. @throws {@link ArgumentError} */
export function checkWrapper(wrapper: KeyWrapper): void {
  if (typeof wrapper?.wrap === "function" && typeof wrapper.unwrap === "function") return;
  throw invalid("Option wrapper must be a key wrapper.");
}

function invalid(message: string): ArgumentError {
  return new ArgumentError(message);
}
