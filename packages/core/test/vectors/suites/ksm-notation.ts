/**
 * Keeper Notation (ksm-protocol section 17): parsing, strict and legacy results, and the requests made.
 *
 * Strict results are held against `recommendedStrict`. Legacy results follow docs/decisions/0003-notation-legacy.md:
 * the JavaScript outcome, except for values that are no list; with references inflated, the Python outcome.
 */
import assert from "node:assert/strict";
import { decodeBase64 } from "@ksmkit/common";
import { isUid } from "../../../src/generators/uid.ts";
import {
  evaluateLegacy,
  NotationError,
  parseNotation,
  resolveLegacyNotation,
  resolveNotation,
  selectFirstRecord,
  type NotationParts,
  type NotationRecord,
  type NotationSource,
} from "../../../src/notation/index.ts";
import type { VectorSuite } from "./vector-suite.ts";

type Outcome = { ok: unknown; err?: undefined; error?: undefined } | { err?: string; error?: unknown };
type Sections = { record: string; selector: string; parameter: unknown; index1: unknown; index2: unknown };
type Queries = (string[] | "ALL")[];

interface NotationCase {
  input: string;
  expect: { legacy: { javascript: Outcome; python: Outcome } };
  recommendedStrict: Outcome;
  queries: { strictJavascript: Queries; strictPython: Queries; legacyPython: Queries };
  parsedStrict: Sections | { error: string };
  parsedLegacy?: Sections | { error: string };
  note?: string;
}

interface FixtureRecord {
  recordUid: string;
  data: Omit<NotationRecord, "uid" | "files">;
  files: { fileUid: string; data: { name: string; title: string }; content: string }[];
}

export const suite: VectorSuite = {
  file: "ksm-notation.json",
  async run(vectorCase, file) {
    const given = readCase(vectorCase);
    const fixture = readFixture(file);
    checkParsed(given.input, given.parsedStrict, false);
    checkParsed(given.input, given.parsedLegacy ?? given.parsedStrict, true);
    await checkStrict(given, fixture);
    await checkLegacy(given, fixture);
  },
};

function checkParsed(input: string, expected: Sections | { error: string }, legacy: boolean): void {
  if ("error" in expected) {
    assert.throws(() => parseNotation(input, { legacy }), matches({ ...expected, err: expected.error }));
    return;
  }
  const { record, selector, parameter = null, index1 = null, index2 = null } = parseNotation(input, { legacy });
  assert.deepEqual(
    { record, selector, parameter, index1, index2 },
    { ...expected, selector: expected.selector.toLowerCase() },
  );
}

async function checkStrict(given: NotationCase, fixture: FixtureRecord[]): Promise<void> {
  const { source, queries } = fakeSource(fixture);
  await checkOutcome(resolveNotation(given.input, source), given.recommendedStrict);
  assert.deepEqual(queries, given.queries.strictJavascript, "requests of the strict evaluation");
}

async function checkLegacy(given: NotationCase, fixture: FixtureRecord[]): Promise<void> {
  const { javascript, python } = given.expect.legacy;
  const { legacyPython } = given.queries;
  // JavaScript indexes into the characters of such a value.
  const expected = given.note?.startsWith("value is a bare string") ? python : javascript;

  const parsed = parseLegacy(given.input);
  const lookup = parsed ? lookupOf(parsed.record, fixture) : [];
  const { source, queries } = fakeSource(fixture);
  await checkOutcome(resolveLegacyNotation(given.input, source), expected);
  assert.deepEqual(queries, lookup, "requests of the legacy evaluation");

  await checkOutcome(evaluateGiven(given.input, fixture), expected);

  // Python asks for everything when a reference is empty; that request is left out.
  const references = legacyPython.slice(lookup.length).filter((query) => query !== "ALL");
  const inflates = legacyPython.length > lookup.length;
  const inflating = fakeSource(fixture);
  const result = resolveLegacyNotation(given.input, inflating.source, { inflateReferences: true });
  await checkOutcome(result, inflates ? inflatedOutcome(python, parsed) : expected);
  assert.deepEqual(inflating.queries, [...lookup, ...references], "requests of the inflating evaluation");
}

/** The legacy evaluation over records already at hand, as `getValue` does it. */
async function evaluateGiven(input: string, fixture: FixtureRecord[]): Promise<unknown> {
  const parsed = parseNotation(input, { legacy: true });
  return evaluateLegacy(selectFirstRecord(fixture.map(toRecord), parsed), parsed);
}

/** Python's outcome in our terms: None is undefined, and so is a missing property of the first value. */
function inflatedOutcome(python: Outcome, parsed: NotationParts | undefined): Outcome {
  const missing = "ok" in python ? python.ok === null : /dictionary key/.test(python.err ?? "") && !parsed?.index1;
  return missing ? { ok: { $undefined: true } } : python;
}

async function checkOutcome(result: Promise<unknown>, expected: Outcome): Promise<void> {
  if ("ok" in expected) assert.deepEqual(plain(await result), expected.ok);
  else await assert.rejects(result, matches(expected));
}

function matches(expected: { err?: string }): (error: unknown) => boolean {
  const position = /position (\d+)/.exec(expected.err ?? "")?.[1];
  return (error) =>
    error instanceof NotationError &&
    error.code.startsWith("ERR_KSM_NOTATION_") &&
    (position === undefined || error.position === Number(position));
}

function plain(value: unknown): unknown {
  if (value === undefined) return { $undefined: true };
  return typeof value === "object" && value !== null && "fileUid" in value ? { $file: value.fileUid } : value;
}

/** The parts when something is fetched for them at all. */
function parseLegacy(input: string): NotationParts | undefined {
  try {
    const parsed = parseNotation(input, { legacy: true });
    return /^\d*$/.test(parsed.index1 ?? "") ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Section 17.2: by uid first, everything only when that gave nothing. */
function lookupOf(token: string, fixture: FixtureRecord[]): Queries {
  if (!isUid(token)) return ["ALL"];
  return fixture.some((record) => record.recordUid === token) ? [[token]] : [[token], "ALL"];
}

function fakeSource(fixture: FixtureRecord[]): { source: NotationSource; queries: Queries } {
  const queries: Queries = [];
  const source: NotationSource = {
    fetchRecords: async (uids) => {
      queries.push(uids ? [...uids] : "ALL");
      return fixture.filter((record) => uids?.includes(record.recordUid) ?? true).map(toRecord);
    },
    downloadFile: async (_record, { uid }) => {
      const content = fixture.flatMap(({ files }) => files).find(({ fileUid }) => fileUid === uid)?.content;
      return decodeBase64(content ?? "") ?? assert.fail(`no file ${uid}`);
    },
  };
  return { source, queries };
}

function toRecord({ recordUid, data, files }: FixtureRecord): NotationRecord {
  return {
    ...data,
    uid: recordUid,
    files: files.map(({ fileUid, data: { name, title } }) => ({ uid: fileUid, fileUid, name, title })),
  };
}

function readCase(value: unknown): NotationCase {
  return value as NotationCase;
}

function readFixture(file: unknown): FixtureRecord[] {
  return (file as { fixture: { records: FixtureRecord[] } }).fixture.records;
}
