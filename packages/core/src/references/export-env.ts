/** References and whole records as environment variables: made and checked, not set. */
import { objectOption, readChecks, requireOptions, textsOption } from "../errors/require-options.ts";
import { flagOption, textOption, type OptionCheck, type OptionChecks } from "@ksmkit/common";
import { EnvError, KeeperError, ResolveError, type ReferenceProblem } from "../errors/errors.ts";
import type { Freshness } from "../records/freshness.ts";
import { checkEnv } from "./model/check-env.ts";
import {
  namingOf,
  parseRecord,
  type EnvNaming,
  type EnvRecord,
  type RecordNaming,
} from "./model/env-record.ts";
import { redactedObject, valueText } from "./model/format-value.ts";
import { recordVariables, type EnvCandidate } from "./model/record-variables.ts";
import { pickedField } from "./model/pick-value.ts";
import type { References } from "./model/reference.ts";
import type { ReadOptions } from "../client/service-client.ts";
import {
  tryOrError,
  parseReferences,
  problemOf,
  readReferences,
  type ReferenceSource,
} from "./read-references.ts";

/** What becomes variables. */
export interface EnvSources {
  /**
   * References under the names of the variables. Lists and objects become JSON, files must be UTF-8 text. A field that
   * is named here, be it only a part of it, gets no other variable from `records`.
   */
  variables?: References | undefined;
  /** Uids or titles of records, every field of which becomes a variable. */
  records?: readonly EnvRecord[] | undefined;
}

/** Options of {@link exportEnv}. */
export interface ExportEnvOptions extends ReadOptions, EnvNaming {
  /**
   * Names, exactly as used, that are wanted although they change how programs start or run, or although a label made
   * them. Default: none.
   */
  allow?: readonly string[] | undefined;
}

/** Where a variable comes from. */
export interface EnvOrigin {
  readonly name: string;
  /** For people: the reference, or the field and its record. */
  readonly source: string;
  readonly recordUid: string;
}

/** Variables, and where they come from. */
export interface EnvExport {
  /** Prints as its names only; spread it, or give it to `formatEnv`, to get at the values. */
  variables: Record<string, string>;
  /** One entry for each variable, in the same order: what a dry run shows. */
  origins: EnvOrigin[];
  /** Who answered, and when; `undefined` when nothing had to be asked. */
  freshness: Freshness | undefined;
}

const anyList: OptionCheck = {
  accepts: Array.isArray,
  expected: "a list of uids, titles or { uid } and { title }",
};

const sourceChecks: OptionChecks<EnvSources> = { variables: objectOption, records: anyList };

const checks: OptionChecks<ExportEnvOptions> = {
  prefix: textOption,
  trustLabels: flagOption,
  allow: textsOption,
  ...readChecks,
};

/**
 * Makes environment variables of references and of whole records, with one request. Nothing is set: give the result
 * to a child process, or to `formatEnv`.
 *
 * A field is named by its label, else by its type: `oneTimeCode` becomes `ONE_TIME_CODE`, `API region` becomes
 * `API_REGION`. Two sources of one name are an error, as is a name such as `PATH` or `NODE_OPTIONS` that is not in
 * `allow`; the guide has rule and list. Whoever may edit a record chooses its labels: give a whole record a prefix, or
 * say `trustLabels`, or else a label that makes anything but the name of a standard field type is an error.
 *
 * @throws {@link EnvError} `ERR_KSM_ENV_REFUSED` with every refused variable; {@link ResolveError}
 *   `ERR_KSM_RESOLVE_INCOMPLETE` with every reference and record without a value; {@link ArgumentError}; what the
 *   client throws
 * @example
 * ```ts
 * const { variables } = await exportEnv(manager, {
 *   variables: { DB_PASSWORD: "keeper://Orders database/field/password" },
 *   records: [{ title: "Web shop", prefix: "SHOP_" }], // SHOP_LOGIN, SHOP_PASSWORD, …
 * });
 * spawn("server", { env: { ...process.env, ...variables } });
 * ```
 */
export async function exportEnv(
  manager: ReferenceSource,
  sources: EnvSources,
  options: ExportEnvOptions = {},
): Promise<EnvExport> {
  requireOptions(sources, sourceChecks, "exportEnv");
  requireOptions(options, checks, "exportEnv");
  const { prefix, trustLabels, allow = [], ...read } = options;
  const { variables = {}, records = [] } = sources;
  const parsed = new Map(parseReferences(variables));
  const misnamed = checkEnv(
    [...parsed.keys()].map((name) => ({ name, source: "given by the caller" })),
    allow,
  );
  if (misnamed.length > 0) throw new EnvError(misnamed);
  const namings = new Map<string, RecordNaming>();
  for (const [at, record] of records.entries()) {
    // No variable can have this name.
    const key = `records[${at}]`;
    namings.set(key, namingOf(record, { prefix, trustLabels }));
    parsed.set(
      key,
      tryOrError(() => parseRecord(record)),
    );
  }

  const { outcomes, freshness } = await readReferences(manager, parsed, read);
  const mapped = new Set<object>();
  for (const [name, outcome] of outcomes) {
    const target = parsed.get(name);
    if (outcome instanceof KeeperError || target === undefined || target instanceof KeeperError) continue;
    const field = pickedField(outcome.record, target);
    if (field) mapped.add(field);
  }
  const candidates: EnvCandidate[] = [];
  const problems: ReferenceProblem[] = [];
  for (const [name, outcome] of outcomes) {
    const made =
      outcome instanceof KeeperError
        ? outcome
        : tryOrError(() => {
            const { value, record } = outcome;
            const naming = namings.get(name);
            if (naming !== undefined) return recordVariables(record, naming, mapped);
            const reference = variables[name];
            const source = typeof reference === "string" ? reference : JSON.stringify(reference);
            return [{ name, value: valueText(value), source, recordUid: record.uid, isUntrustedName: false }];
          });
    if (made instanceof KeeperError) problems.push(problemOf(name, made));
    else candidates.push(...made);
  }
  if (problems.length > 0) throw new ResolveError(problems, outcomes.size);
  const refused = checkEnv(candidates, allow);
  if (refused.length > 0) throw new EnvError(refused);
  return {
    variables: redactedObject(candidates.map(({ name, value }) => [name, value])),
    origins: candidates.map(({ name, source, recordUid }) => ({ name, source, recordUid })),
    freshness,
  };
}
