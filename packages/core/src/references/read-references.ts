/** Any number of references with the fewest requests: one `get_secret`, and each file once. */
import { sharedDeadline, type WaitOptions } from "@ksmkit/common";
import { AbortedError, ArgumentError, KeeperError, type ReferenceProblem } from "../errors/errors.ts";
import type { Freshness } from "../records/freshness.ts";
import type { KsmFile } from "../records/ksm-file.ts";
import type { KsmRecord } from "../records/ksm-record.ts";
import { pickValue, type Picked } from "./model/pick-value.ts";
import { RecordIndex } from "./model/record-index.ts";
import type { References } from "./model/reference.ts";
import { parseReference, type Target } from "./model/parse-reference.ts";
import type { ReadOptions } from "../client/service-client.ts";
import type { SecretsManager } from "../client/secrets-manager.ts";

/** The part of a client that references need; `SecretsManager` has it. */
export type ReferenceSource = Pick<SecretsManager, "getSecrets" | "downloadFile">;

/** How to read the records of references. */
export interface ReadRecordsOptions extends ReadOptions {
  /** Asks for the links of records too. Default: false. */
  links?: boolean | undefined;
}

/** References understood, or why not, by name. */
export type ParsedReferences = ReadonlyMap<string, Target | KeeperError>;

/** The records that references are about. */
export interface RecordsRead {
  readonly index: RecordIndex;
  /** `undefined` when nothing had to be asked. */
  readonly freshness: Freshness | undefined;
}

/** A record and what was found in it, or why nothing was. */
export type Found = { readonly record: KsmRecord; readonly picked: Picked } | KeeperError;

/** What a reference gave, or why it gave nothing. */
export type Outcome = { readonly value: unknown; readonly record: KsmRecord } | KeeperError;

/**
 * Understands references.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when there is no object of references at all
 */
export function parseReferences(references: References): ParsedReferences {
  if (typeof references !== "object" || references === null || Array.isArray(references)) {
    throw new ArgumentError("References must be an object of names and references.");
  }
  return new Map(
    Object.entries(references).map(([name, reference]) => [
      name,
      tryOrError(() => {
        if (name !== "toJSON") return parseReference(reference);
        const taken = "The name toJSON is taken: it decides how the result prints.";
        throw new ArgumentError(taken);
      }),
    ]),
  );
}

/** Finds the values of references. With the fewest requests; see {@link readRecords} and {@link downloadAll}. */
export async function readReferences(
  source: ReferenceSource,
  parsed: ParsedReferences,
  options: ReadRecordsOptions,
): Promise<{ outcomes: Map<string, Outcome>; freshness: Freshness | undefined }> {
  const wait = sharedDeadline(options);
  const targets = [...parsed.values()].flatMap((target) => (target instanceof KeeperError ? [] : target));
  const { index, freshness } = await readRecords(source, targets, { ...options, timeoutMs: wait.timeoutMs });
  const found = new Map([...parsed].map(([name, target]) => [name, findTarget(index, target)]));
  const files = [...found.values()].flatMap((each) =>
    each instanceof KeeperError ? [] : (each.picked.file ?? []),
  );
  const contents = await downloadAll(source, files, wait);
  const outcomes = new Map<string, Outcome>();
  for (const [name, each] of found) {
    if (each instanceof KeeperError) outcomes.set(name, each);
    else {
      const { record, picked } = each;
      const value = picked.file === undefined ? picked.value : contents(picked.file);
      outcomes.set(name, value instanceof KeeperError ? value : { value, record });
    }
  }
  return { outcomes, freshness };
}

/**
 * Reads the records that targets are about: those records only while all are named by uid, else everything.
 * Everything too when no record has one of the uids, for then it may be a title.
 */
export async function readRecords(
  source: ReferenceSource,
  targets: readonly Target[],
  { links, fresh, ...limits }: ReadRecordsOptions,
): Promise<RecordsRead> {
  const wait = sharedDeadline(limits);
  const read = async (uids?: readonly string[]): Promise<RecordsRead> => {
    const { signal, timeoutMs } = wait;
    const answer = await source.getSecrets({ uids, links, fresh, signal, timeoutMs });
    return { index: new RecordIndex(answer), freshness: answer.freshness };
  };
  const tokens = targets.map(({ record }) => record);
  if (tokens.length === 0) return { index: new RecordIndex(), freshness: undefined };
  if (tokens.some(({ by }) => by === "title")) return read();
  const some = await read([...new Set(tokens.map(({ text }) => text))]);
  const missed = tokens.some(({ text, by }) => by === "either" && !some.index.knows(text));
  return missed ? read() : some;
}

/** Finds the record of a target, and in it what is asked for. */
export function findTarget(index: RecordIndex, target: Target | KeeperError): Found {
  if (target instanceof KeeperError) return target;
  return tryOrError(() => {
    const record = index.find(target);
    return { record, picked: pickValue(record, target) };
  });
}

const downloadsAtOnce = 4;

/**
 * Downloads files, each once, a few at a time. The function returned gives the content of a file, to each caller their own
 * copy, or why there is none.
 *
 * @param wait - its `timeoutMs` is asked for anew before each download
 * @throws {@link AbortedError} `ERR_KSM_ABORTED`
 */
export async function downloadAll(
  source: ReferenceSource,
  files: readonly KsmFile[],
  wait: WaitOptions,
): Promise<(file: KsmFile) => Uint8Array<ArrayBuffer> | KeeperError | undefined> {
  const contents = new Map<string, Uint8Array<ArrayBuffer> | KeeperError>();
  const left = [...new Map(files.map((file) => [file.uid, file])).values()];
  const work = async (): Promise<void> => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      const { signal, timeoutMs } = wait;
      try {
        contents.set(file.uid, await source.downloadFile(file, { signal, timeoutMs }));
      } catch (error) {
        if (!(error instanceof KeeperError) || error instanceof AbortedError) throw error;
        contents.set(file.uid, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(downloadsAtOnce, left.length) }, work));
  const given = new Set<string>();
  return ({ uid }) => {
    const content = contents.get(uid);
    if (!(content instanceof Uint8Array) || !given.has(uid)) {
      given.add(uid);
      return content;
    }
    return content.slice();
  };
}

/** The result of `make`, or the coded error that it throws. */
export function tryOrError<T>(make: () => T): T | KeeperError {
  try {
    return make();
  } catch (error) {
    if (error instanceof KeeperError) return error;
    throw error;
  }
}

/** A failure under the name of its reference. */
export function problemOf(name: string, { code, message, retryable }: KeeperError): ReferenceProblem {
  return { name, code, message, retryable };
}
