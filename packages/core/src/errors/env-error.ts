import { KeeperError } from "./keeper-error.ts";

/** Why a variable is refused. */
export type EnvProblemReason =
  /** The name is not made of letters, digits and `_`, or starts with a digit. */
  | "name-invalid"
  /** The label leaves nothing to make a name of. */
  | "name-empty"
  /** The name changes how programs start or run, and was not allowed explicitly. */
  | "name-dangerous"
  /** A label made the name, without a prefix, and neither the name nor the label was allowed explicitly. */
  | "name-from-label"
  /** Several sources lead to the name. */
  | "collision"
  /** The value is not text, or has a NUL, which no environment can hold. */
  | "value-invalid"
  /** The format has no way to write the value. */
  | "format";

/** One refused variable. Holds names and places, never a value. */
export interface EnvProblem {
  /** Name of the variable; "" when there is none. */
  readonly name: string;
  readonly reason: EnvProblemReason;
  /** Where the value comes from: references, or fields of records. */
  readonly sources: readonly string[];
  /** The above as a sentence. */
  readonly message: string;
}

/** Some environment variables are refused: `ERR_KSM_ENV_REFUSED`. {@link EnvError.problems} lists all of them. */
export class EnvError extends KeeperError {
  override readonly name = "EnvError";
  readonly problems: readonly EnvProblem[];

  constructor(problems: readonly EnvProblem[]) {
    super("ERR_KSM_ENV_REFUSED", problems.map(({ message }) => message).join("\n"));
    this.problems = problems;
  }
}
