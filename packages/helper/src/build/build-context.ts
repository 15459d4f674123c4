/** Options of a build, and what its steps share: the checked options and the problems found so far. */
import type { Random } from "@ksmkit/common";
import { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import { type PasswordComplexity, type GenerationRules, checkRules } from "../password/complexity.ts";
import type { LabelStyle } from "../types/labels.ts";
import type { TypeRegistry } from "../types/registry.ts";

/** What the steps of a build share. */
export interface BuildContext {
  readonly problems: Problems;
  readonly labelStyle: LabelStyle;
  readonly generatePasswords: boolean;
  readonly complexity: GenerationRules | undefined;
  readonly strict: boolean;
  /** Whether values that have the right form but cannot exist are refused: in code, and in strict builds. */
  readonly refuseImpossible: boolean;
  readonly random: Random | undefined;
}

/** Where the input of a build comes from: calls in code, or field arguments and record files. */
type InputOrigin = "code" | "text";

/** Checks the options; their problems are added to the others. */
export function createBuildContext(
  options: BuildOptions,
  problems: Problems = new Problems(),
  origin: InputOrigin = "code",
): BuildContext {
  const { complexity, labelStyle = "template", generatePasswords = false, strict = false, random } = options;
  if (labelStyle !== "template" && labelStyle !== "display") {
    problems.add("ERR_HELPER_ARGUMENT_INVALID", new Place("labelStyle"), 'must be "template" or "display"');
  }
  return {
    problems,
    labelStyle,
    generatePasswords,
    complexity:
      complexity === undefined ? undefined : checkRules(complexity, new Place("complexity"), problems),
    strict,
    refuseImpossible: strict || origin === "code",
    random,
  };
}

/** Options of everything that builds records. */
export interface BuildOptions {
  /** Where custom record types are found. Default: standard types only. */
  readonly registry?: TypeRegistry | undefined;
  /** Which label of a slot is written. Default: `template`, the one that other clients look for. */
  readonly labelStyle?: LabelStyle | undefined;
  /** Whether `password` fields without a value get a generated one. Default: false. */
  readonly generatePasswords?: boolean | undefined;
  /** Rules for generated passwords. Default: those of the slot, else 64 characters of every kind. */
  readonly complexity?: PasswordComplexity | undefined;
  /**
   * Whether a required slot without a value, a placeholder of a template that was left in place, a card expiry that
   * cannot exist, or a repeated custom label is an error. Default: false.
   */
  readonly strict?: boolean | undefined;
  /** Source of random bytes for passwords. Default: the platform's cryptographic generator. */
  readonly random?: Random | undefined;
}
