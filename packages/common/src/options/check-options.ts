/** One check of options for programs without types: unknown names and wrong kinds, said in a sentence. */
import { printable } from "../text/printable.ts";
import { nearestName } from "./nearest-name.ts";

/** What an option may be. */
export interface OptionCheck {
  /** True for values that are taken. Not asked about `undefined`, which means the default. */
  readonly accepts: (value: unknown) => boolean;
  /** What is taken, as the end of "must be …", for example `text`. */
  readonly expected: string;
  /** True when the option cannot be left out. Default: false. */
  readonly isRequired?: boolean;
}

/** A check for every option of an interface: one that the interface gains does not compile without. */
export type OptionChecks<Options> = { readonly [Name in keyof Required<Options>]: OptionCheck };

/** Any text, the empty one included. */
export const textOption: OptionCheck = { accepts: (value) => typeof value === "string", expected: "text" };

/** `true` or `false`. */
export const flagOption: OptionCheck = {
  accepts: (value) => typeof value === "boolean",
  expected: "true or false",
};

/** A function. */
export const functionOption: OptionCheck = {
  accepts: (value) => typeof value === "function",
  expected: "a function",
};

/** A number above 0; `Infinity` counts. */
export const positiveOption: OptionCheck = {
  accepts: (value) => typeof value === "number" && value > 0,
  expected: "a number above 0",
};

/** An abort signal, the platform's own or one that works alike. */
export const signalOption: OptionCheck = {
  accepts: (value) =>
    typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value,
  expected: "an AbortSignal",
};

/** Checks of {@link WaitOptions}. */
export const waitOptionChecks: Readonly<Record<"signal" | "timeoutMs", OptionCheck>> = {
  signal: signalOption,
  timeoutMs: { accepts: (value) => typeof value === "number" && value >= 0, expected: "a number from 0" },
};

/** One of these values. */
export function oneOf(...values: readonly (string | boolean | number)[]): OptionCheck {
  const named = values.map(String);
  const last = named.pop() ?? "";
  const expected = named.length > 0 ? `${named.join(", ")} or ${last}` : last;
  return { accepts: (value) => values.includes(value as string), expected };
}

/** The same option, which cannot be left out. */
export function required(check: OptionCheck): OptionCheck {
  return { ...check, isRequired: true };
}

/**
 * Finds the first fault of an options object: it is none, an option is unknown, or of the wrong kind. Each package
 * makes its own coded error of the sentence.
 *
 * @param owner what takes the options, for example `getSecrets`
 * @returns the fault as a sentence, without any value; `undefined` when there is none
 * @example
 * ```ts
 * const checks: OptionChecks<NoteOptions> = { title: required(textOption), pinned: flagOption };
 * checkOptions({ titel: "Milk" }, checks, "addNote"); // "Unknown option titel; did you mean title?"
 * ```
 */
export function checkOptions(
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
  owner: string,
): string | undefined {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    return `The options of ${owner} must be an object.`;
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(checks, name)) continue;
    const nearest = nearestName(name, Object.keys(checks));
    const hint = nearest === undefined ? `${owner} takes ${listed(checks)}.` : `did you mean ${nearest}?`;
    return `Unknown option ${printable(name, 64)}; ${hint}`;
  }
  for (const name in checks) {
    const check = checks[name];
    const value = (options as Record<string, unknown>)[name];
    if (check === undefined || (value === undefined ? !check.isRequired : check.accepts(value))) continue;
    return `Option ${name} must be ${check.expected}.`;
  }
  return undefined;
}

function listed(checks: Readonly<Record<string, OptionCheck>>): string {
  return Object.keys(checks).join(", ") || "none";
}
