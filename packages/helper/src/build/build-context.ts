/** One build under way: the options, checked, and the problems found so far. */
import type { Random } from "@ksmkit/common";
import { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import { checkComplexity, type StoredComplexity } from "../password/complexity.ts";
import type { LabelStyle } from "../types/labels.ts";
import type { BuildOptions } from "./build-options.ts";

/** What the steps of a build share. */
export interface Building {
  readonly problems: Problems;
  readonly labelStyle: LabelStyle;
  readonly generatePasswords: boolean;
  readonly complexity: StoredComplexity | undefined;
  readonly strict: boolean;
  readonly random: Random | undefined;
}

/** Checks the options; what is wrong with them is among the problems. */
export function startBuilding(options: BuildOptions, problems: Problems = new Problems()): Building {
  const { complexity, labelStyle = "template", generatePasswords = false, strict = false, random } = options;
  if (labelStyle !== "template" && labelStyle !== "display") {
    problems.add("ERR_HELPER_ARGUMENT_INVALID", new Place("labelStyle"), 'must be "template" or "display"');
  }
  return {
    problems,
    labelStyle,
    generatePasswords,
    complexity:
      complexity === undefined ? undefined : checkComplexity(complexity, new Place("complexity"), problems),
    strict,
    random,
  };
}
