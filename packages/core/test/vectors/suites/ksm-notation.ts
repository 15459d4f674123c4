/**
 * Keeper Notation (ksm-protocol section 17): parsing, strict and legacy results, and the requests made.
 *
 * Strict results are held against `recommendedStrict`, legacy results in each dialect against its column, but for the
 * deviations in docs/decisions/0003-notation-legacy.md.
 */
import assert from "node:assert/strict";
import { decodeBase64, encodeBase64 } from "@ksmkit/common";
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
  await checkJavascript(given, fixture);
  await checkPython(given, fixture);
}

async function checkJavascript(given: NotationCase, fixture: FixtureRecord[]): Promise<void> {
  const { javascript, python } = given.expect.legacy;
  // JavaScript indexes into the characters of such a value.
  const expected = given.note?.startsWith("value is a bare string") ? python : javascript;
  const parsed = parseLegacy(given.input);
  const { source, queries } = fakeSource(fixture);
  const result = resolveLegacyNotation(given.input, source, { dialect: "javascript" });
  await checkOutcome(result, expected);
  assert.deepEqual(queries, parsed ? lookupOf(parsed.record, fixture) : [], "requests of the JavaScript dialect");
  await checkOutcome(evaluateGiven(given.input, fixture), expected);
}

async function checkPython(given: NotationCase, fixture: FixtureRecord[]): Promise<void> {
  const { python, javascript } = given.expect.legacy;
  const { source, queries } = fakeSource(fixture);
  const result = resolveLegacyNotation(given.input, source);
  // Python refuses base64url without padding, the form that needs no quoting anywhere; here it is read.
  if (python.err?.startsWith("Invalid format") && "ok" in javascript) {
    const plain = new TextDecoder().decode(decodeBase64(given.input) ?? assert.fail("no base64"));
    assert.deepEqual(await result, await resolveLegacyNotation(plain, fakeSource(fixture).source));
    return;
  }
  // Python's None is `undefined` where nothing is stored, and null where null is.
  if ("ok" in python && python.ok === null) assert.equal((await result) ?? null, null);
  else await checkOutcome(result, python);
  // Python asks for everything when a reference is empty; that request is left out.
  const lookup = given.queries.legacyPython[0];
  const asked = given.queries.legacyPython.filter((query, at) => at === 0 || query !== "ALL" || lookup === "ALL");
  const expectsAll = Array.isArray(lookup) && given.queries.legacyPython[1] === "ALL" && queries[1] === "ALL";
  assert.deepEqual(queries, expectsAll ? given.queries.legacyPython : asked, "requests of the Python dialect");
}

/** The legacy evaluation over records already at hand, as `getValue` does it. */
async function evaluateGiven(input: string, fixture: FixtureRecord[]): Promise<unknown> {
  const parsed = parseNotation(input, { legacy: true });
  return evaluateLegacy(selectFirstRecord(fixture.map(toRecord), parsed), parsed, {
    dialect: "javascript",
  });
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
  if (value instanceof Uint8Array) return { $bytes: encodeBase64(value) };
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
