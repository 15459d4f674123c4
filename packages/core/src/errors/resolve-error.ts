import type { KeeperErrorCode } from "./codes.ts";
import { KeeperError } from "./keeper-error.ts";

/** Why one reference has no value. Names records, fields and files, never a value. */
export interface ReferenceProblem {
  /** The name that the caller gave the reference. */
  readonly name: string;
  readonly code: KeeperErrorCode;
  readonly message: string;
  /** True when the same reference may resolve later without any change. */
  readonly retryable: boolean;
}

const shown = 10;

/** Some references have no value: `ERR_KSM_RESOLVE_INCOMPLETE`. {@link ResolveError.problems} lists all of them. */
export class ResolveError extends KeeperError {
  override readonly name = "ResolveError";
  /** Every reference without a value, in the order given. */
  readonly problems: readonly ReferenceProblem[];

  constructor(problems: readonly ReferenceProblem[], total: number) {
    const lines = problems.slice(0, shown).map(({ name, message }) => `${name}: ${message}`);
    if (problems.length > shown) lines.push(`${problems.length - shown} more, see problems`);
    super(
      "ERR_KSM_RESOLVE_INCOMPLETE",
      `${problems.length} of ${total} references have no value.\n${lines.join("\n")}`,
      { retryable: problems.every(({ retryable }) => retryable) },
    );
    this.problems = problems;
  }
}
