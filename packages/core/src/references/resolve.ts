/** Many references, one round trip. */
import { readChecks, requireOptions } from "../errors/require-options.ts";
import { flagOption, type OptionChecks } from "@ksmkit/common";
import { KeeperError, ResolveError, type ReferenceProblem } from "../errors/errors.ts";
import type { Freshness } from "../records/freshness.ts";
import { formatValue, redactedObject, type ValueOptions } from "./model/format-value.ts";
import type { References } from "./model/reference.ts";
import type { NoOptions, Resolved, Switch } from "./model/resolved.ts";
import {
  tryOrError,
  parseReferences,
  problemOf,
  readReferences,
  type ReadRecordsOptions,
  type ReferenceSource,
} from "./read-references.ts";

/** Options of {@link resolve}. */
export interface ResolveOptions extends ReadRecordsOptions, ValueOptions {
  /** Returns what there is, and `problems`, instead of failing when a reference has no value. Default: false. */
  partial?: boolean | undefined;
}

/** Outcome of {@link resolve} with `partial: true`. */
export interface PartialResult<R, O = unknown> {
  /** What has a value. */
  values: Partial<Resolved<R, O>>;
  /** Every reference without one, in the order given. */
  problems: ReferenceProblem[];
  /** Who answered, and when; `undefined` when nothing had to be asked. */
  freshness: Freshness | undefined;
}

/** What {@link resolve} returns for references `R` with options `O`. */
export type ResolveResult<R, O> = Switch<O, "partial", PartialResult<R, O>, Resolved<R, O>>;

const checks: OptionChecks<ResolveOptions> = {
  partial: flagOption,
  secret: flagOption,
  text: flagOption,
  links: flagOption,
  ...readChecks,
};

/**
 * Resolves any number of references with the fewest requests: one, for just the records concerned, while all are
 * named by uid; one for everything as soon as one is named by title; one download for each file. A text in the
 * form of a uid that no record has is looked for by title, with a second request.
 *
 * The result prints as its names only; spread it to get an ordinary object.
 *
 * @throws {@link ResolveError} `ERR_KSM_RESOLVE_INCOMPLETE` with every problem at once, unless `partial` is set;
 *   {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`; what the client throws
 * @example
 * ```ts
 * const { password, host, certificate } = await resolve(manager, {
 *   password: "keeper://Orders database/field/password", // string
 *   host: { title: "Orders database", field: "host" },   // { hostName?: string, port?: string }
 *   certificate: "keeper://Web shop/file/cert.pem",      // Uint8Array
 * });
 * ```
 */
export async function resolve<const R extends References, const O extends ResolveOptions = NoOptions>(
  manager: ReferenceSource,
  references: R,
  options?: O,
): Promise<ResolveResult<R, O>> {
  requireOptions(options === undefined ? {} : options, checks, "resolve");
  const { partial = false, secret, text, ...read }: ResolveOptions = options ?? {};
  const { outcomes, freshness } = await readReferences(manager, parseReferences(references), read);
  const entries: [string, unknown][] = [];
  const problems: ReferenceProblem[] = [];
  for (const [name, outcome] of outcomes) {
    const value =
      outcome instanceof KeeperError
        ? outcome
        : tryOrError(() => formatValue(outcome.value, { secret, text }));
    if (value instanceof KeeperError) problems.push(problemOf(name, value));
    else entries.push([name, value]);
  }
  if (!partial && problems.length > 0) throw new ResolveError(problems, outcomes.size);
  const values = redactedObject(entries);
  // The compiler cannot follow names and options to the values; the type tests do.
  return (partial ? { values, problems, freshness } : values) as ResolveResult<R, O>;
}
