/** Uids, labels and titles are written by others: none of them reaches a terminal or log as more than text. */
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { EnvError, RecordError, ResolveError } from "../../src/errors/errors.ts";
import { decodeLinks } from "../../src/links/record-link.ts";
import { getNotation } from "../../src/notation/get-notation.ts";
import { decodeDeletions, decodeSecrets } from "../../src/protocol/wire.ts";
import { exportEnv } from "../../src/references/export-env.ts";
import { formatEnv } from "../../src/references/model/env-format.ts";
import { resolve } from "../../src/references/resolve.ts";
import { openSecrets } from "../../src/records/open-secrets.ts";
import { pickRecord } from "../../src/records/pick-record.ts";
import { newKey, sealed, wireRecord } from "../records/sealed-answer.ts";

const hostile = "x\u001b[2J\r\nfake: line\u2028\u202eback\u009b!";
const shown = "x [2J fake: line back !";
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;

const appKey = newKey();
const answer = async () => ({
  warnings: [hostile, 5, ""],
  records: [
    await wireRecord(newKey(), {}, { recordUid: hostile }),
    await wireRecord(
      appKey,
      { title: hostile, type: "login", custom: [{ type: "text", label: `PATH${hostile}`, value: ["1"] }] },
      {
        recordUid: "good",
        files: [{ fileUid: hostile, fileKey: await sealed(newKey(), newKey()), data: "" }],
      },
    ),
  ],
});
const opened = async () => openSecrets(await answer(), { appKey });
const source = {
  getSecrets: async () => ({
    ...(await opened()),
    freshness: { source: "service", fetchedAt: 0, ageMs: 0 } as const,
  }),
  downloadFile: async () => new Uint8Array(),
};

/** What a call throws, as text. */
async function messageOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new TypeError("it throws");
}

it("problems and warnings", async () => {
  const { problems, warnings } = await opened();
  expect(problems.map(({ message }) => message)).toEqual([
    `record ${shown} left out: its key does not open`,
    `file ${shown} of record good left out: its key does not open`,
  ]);
  // For programs, the uid is what the service sent.
  expect(problems[0]?.uid).toBe(hostile);
  expect(warnings).toEqual([shown]);
  expect(decodeSecrets({ warnings: ["y".repeat(9000)] }).warnings[0]).toHaveLength(500);
});

it.each<[string, () => unknown]>([
  ["a broken record", async () => pickRecord(await opened(), hostile)],
  ["an unknown uid", async () => pickRecord(await opened(), `${hostile}2`)],
  ["a label", async () => (await opened()).records[0]?.field(hostile)],
  ["a notation", () => getNotation(source, `keeper://good/custom_field/${encodeURIComponent(hostile)}`)],
  ["a title in a notation", () => getNotation(source, `keeper://${encodeURIComponent(hostile)}2/type`)],
  ["any record error", () => Promise.reject(new RecordError("ERR_KSM_RECORD_BROKEN", `Record ${hostile}`))],
])("%s in an error", async (_what, work) => {
  expect(await messageOf(work)).not.toMatch(forbidden);
});

it("lists of problems have the lines that they are made of, and no others", async () => {
  const references = { [`a${hostile}`]: `keeper://good/field/${hostile}`, b: { uid: hostile, field: "x" } };
  const message = await messageOf(() => resolve(source, references));
  expect(message.split("\n")).toHaveLength(3);
  for (const line of message.split("\n")) expect(line).not.toMatch(forbidden);

  const problem = {
    name: hostile,
    code: "ERR_KSM_RECORD_BROKEN",
    message: hostile,
    retryable: false,
  } as const;
  expect(new ResolveError([problem, problem], 2).message.split("\n")).toEqual([
    "2 of 2 references have no value.",
    `${shown}: ${shown}`,
    `${shown}: ${shown}`,
  ]);
});

it("refused environment variables", async () => {
  const message = await messageOf(() => exportEnv(source, { records: [{ title: hostile }] }));
  expect(message).not.toMatch(forbidden);
  expect(message).toContain(`of record "${shown}"`);
  const { origins } = await exportEnv(source, { records: [{ title: hostile }] }, { prefix: "APP_" });
  expect(origins[0]?.source).toBe(`field "PATH${shown}" of record "${shown}"`);
  expect(await messageOf(() => formatEnv({ [hostile]: "1" }, "dotenv"))).not.toMatch(forbidden);
  const refused = { name: "A", reason: "format", sources: [], message: hostile } as const;
  expect(new EnvError([refused, refused]).message).toBe(`${shown}\n${shown}`);
});

it("links and outcomes of deletions", () => {
  const [link] = decodeLinks([{ recordUid: hostile, path: hostile }]);
  expect(inspect(link)).toBe(`RecordLink(${shown}, ${shown})`);
  const deletions = decodeDeletions({ records: [{ recordUid: "R", errorMessage: hostile }] }, "records");
  expect(deletions[0]?.errorMessage).toBe(shown);
});
