/** The one error of this package: all problems of an input, each with its place (helper.md section 13). */
import { CodedError } from "@ksmkit/common";
import type { HelperErrorCode } from "./codes.ts";

/** One thing that is wrong with an input. */
export interface Problem {
  readonly code: HelperErrorCode;
  /** Place in the input, for example `data[0].fields[2].value.country`; `""` for the input as a whole. */
  readonly path: string;
  /** The same place key by key, for programs. */
  readonly keys: readonly (string | number)[];
  /** What is wrong and what is expected. Never quotes a value. */
  readonly message: string;
  /** Line in the text that was read, from 1. */
  readonly line?: number;
  /** Column in that line, from 1. */
  readonly column?: number;
}

const maxListed = 20;

/**
 * An input that no record can be made from. `problems` lists everything that is wrong with it; `code` is the code of
 * the first. Values never appear in messages.
 *
 * @example
 * ```ts
 * try { await recordsFromText(text, "yaml"); }
 * catch (error) {
 *   if (!(error instanceof RecordHelperError)) throw error;
 *   for (const { line, column, message } of error.problems) report(line, column, message);
 * }
 * ```
 */
export class RecordHelperError extends CodedError<HelperErrorCode> {
  override readonly name = "RecordHelperError";
  /** Everything that is wrong, in the order in which it was found; at least one entry. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly [Problem, ...Problem[]]) {
    super(problems[0].code, summary(problems));
    this.problems = problems;
  }
}

function summary(problems: readonly Problem[]): string {
  const lines = problems.slice(0, maxListed).map(({ path, message, line, column }) => {
    const place =
      line === undefined ? path : `${path}${path === "" ? "" : " "}(line ${line}, column ${column})`;
    return place === "" ? message : `${place}: ${message}`;
  });
  if (lines.length === 1) return lines.join();
  const more = problems.length - lines.length;
  return [`${problems.length} problems`, ...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n  ");
}
