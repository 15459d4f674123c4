/** Which environment variables are refused, and why. */
import { printable } from "@ksmkit/common";
import type { EnvProblem, EnvProblemReason } from "../../errors/errors.ts";
import { isDangerousEnvName, isEnvName } from "./env-name.ts";

/** A variable to be checked; without a value only its name is. */
export interface CheckedVariable {
  readonly name: string;
  readonly value?: string;
  /** Where it comes from, as a person would say it. */
  readonly source: string;
  readonly recordUid?: string;
  /** True when an untrusted label made the name. Default: false. */
  readonly isUntrustedName?: boolean;
}

/** Every refused variable, in the order given; names in `allow` are neither dangerous nor unconfined. */
export function checkEnv(variables: readonly CheckedVariable[], allow: readonly string[]): EnvProblem[] {
  const byName = new Map<string, CheckedVariable[]>();
  for (const variable of variables) {
    const same = byName.get(variable.name);
    if (same) same.push(variable);
    else byName.set(variable.name, [variable]);
  }
  return [...byName].flatMap(([name, same]) => {
    const sources = same.map(({ source }) => source);
    return faultsOf(name, same, allow).map(([reason, what]) => ({
      name,
      reason,
      sources,
      message: printable(`${name === "" ? "A variable" : name}: ${what} (${sources.join("; ")}).`, 2000),
    }));
  });
}

function faultsOf(
  name: string,
  same: readonly CheckedVariable[],
  allow: readonly string[],
): [reason: EnvProblemReason, what: string][] {
  if (name === "")
    return [
      [
        "name-empty",
        "nothing of the label can be part of a name; map the field to a name in variables, or leave it out with skip",
      ],
    ];
  const faults: [EnvProblemReason, string][] = [];
  if (!isEnvName(name))
    faults.push(["name-invalid", "a name is made of letters, digits and _, and starts with no digit"]);
  if (isDangerousEnvName(name) && !allow.includes(name)) {
    faults.push([
      "name-dangerous",
      "this name changes how programs start or run; use another or a prefix, or add it to allow",
    ]);
  } else if (same.some(({ isUntrustedName }) => isUntrustedName) && !allow.includes(name)) {
    faults.push([
      "name-from-label",
      "whoever may edit the record chose this name; set a prefix for the record, map the field in variables, add the " +
        "name to allow, or set trustLabels",
    ]);
  }
  if (same.length > 1) faults.push(["collision", collisionOf(same)]);
  if (same.some(({ value }) => value?.includes("\0")))
    faults.push(["value-invalid", "no environment can hold the NUL in the value"]);
  return faults;
}

/** A prefix distinguishes records, not the fields of one. */
function collisionOf(same: readonly CheckedVariable[]): string {
  const records = new Set(same.map(({ recordUid }) => recordUid));
  const advice = "map all but one to other names in variables, or leave them out with skip";
  return `${same.length} sources lead to this name; ${records.size > 1 ? "give a record a prefix, " : ""}${advice}`;
}
