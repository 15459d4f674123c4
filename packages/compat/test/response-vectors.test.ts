/** The response and refusal vectors through our `getSecrets` and `getFolders`. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  getFolders,
  getSecrets2,
  inMemoryStorage,
  KeeperError,
  type SecretManagerOptions,
} from "../src/index.ts";
import { outcome } from "./support/outcome.ts";

interface Input {
  operation: "get_secret" | "get_folders";
  configBefore: Record<string, string>;
  transmissionKeyHex: string;
  httpBodies: string[];
  httpSequence: { status: number; body: string | null; enc?: string }[];
}

interface ResponseCase {
  id: string;
  input: Input;
  expect: { javascript: { ok?: unknown; err?: string; config?: object }; recommended: Recommended };
}

interface Recommended {
  error?: string;
  appData?: object | null;
  expiresOn?: number | null;
  warnings?: string[];
  extra?: object | null;
  records?: RecommendedRecord[];
  folders?: { folderUid: string; parentUid: string | null; name: string }[];
  skipped?: { uid?: string }[];
}

interface RecommendedRecord {
  recordUid: string | null;
  folderUid: string | null;
  innerFolderUid: string | null;
  revision: unknown;
  data: object;
  files: { fileUid: string; data: object; url: string | null; thumbnailUrl: string | null }[];
  links: object[];
}

interface ErrorCase {
  id: string;
  input: Input;
  expect: {
    javascript: { err?: string };
    recommended: {
      ok?: { records: number };
      throws?: string;
      calls: number;
      sleeps?: number;
      keyIdsSent?: string[];
      serverPublicKeyIdAfter?: string;
    };
  };
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../core/test/vectors/ksm-responses.json", import.meta.url), "utf8"),
) as { cases: ({ kind: string } & { id: string })[] };
const ofKind = (kind: string): unknown[] => cases.filter((each) => each.kind === kind);
const responses = ofKind("response") as ResponseCase[];
const errors = ofKind("error") as ErrorCase[];

const nothingMissing = (value: object): unknown => JSON.parse(JSON.stringify(value));

describe("response vectors", () => {
  it("are all there", () => expect([responses.length, errors.length]).toEqual([52, 31]));

  it.each(responses)("$id", async ({ input, expect: { javascript, recommended } }) => {
    const config = { ...input.configBefore };
    const problems: Error[] = [];
    let calls = 0;
    const options: SecretManagerOptions = {
      storage: inMemoryStorage(config),
      onProblem: (problem) => problems.push(problem),
      queryFunction: async (_url, transmissionKey) => {
        transmissionKey.key = Buffer.from(input.transmissionKeyHex, "hex");
        const body = input.httpBodies[Math.min(calls++, input.httpBodies.length - 1)] ?? "";
        return { statusCode: 200, headers: {}, data: Buffer.from(body, "base64") };
      },
    };
    const read = input.operation === "get_folders" ? getFolders : getSecrets2;
    if (recommended.error !== undefined) {
      expect(await outcome(() => read(options))).toMatchObject({ type: "SyntaxError" });
      return;
    }
    if (input.operation === "get_folders") {
      const folders = await getFolders(options);
      expect(
        folders.map(({ folderUid, parentUid = null, name = "" }) => ({ folderUid, parentUid, name })),
      ).toEqual(
        recommended.folders?.map(({ folderUid, parentUid, name }) => ({ folderUid, parentUid, name })),
      );
    } else {
      const secrets = await getSecrets2(options, { requestLinks: true });
      expect(secrets.appData ?? null).toEqual(recommended.appData);
      expect(secrets.expiresOn?.getTime() ?? null).toBe(recommended.expiresOn);
      expect(secrets.warnings ?? []).toEqual(recommended.warnings);
      expect(secrets.extra ?? null).toEqual(recommended.extra);
      expect(
        secrets.records.map(
          ({
            recordUid,
            folderUid = null,
            innerFolderUid = null,
            revision,
            data,
            files = [],
            links = [],
          }) => ({
            recordUid,
            folderUid,
            innerFolderUid,
            revision: (revision as number | undefined) ?? null,
            data,
            files: files.map(({ url = null, thumbnailUrl = null, ...file }) => ({
              ...file,
              url,
              thumbnailUrl,
            })),
            links,
          }),
        ),
      ).toEqual(
        recommended.records?.map(
          ({ recordUid, folderUid, innerFolderUid, revision, data, files, links }) => ({
            recordUid,
            folderUid,
            innerFolderUid,
            revision,
            data,
            files: files.map(({ fileUid, data, url, thumbnailUrl }) => ({
              fileUid,
              data,
              url,
              thumbnailUrl,
            })),
            links,
          }),
        ),
      );
      // Where the official package reads as much, its whole result is in ours, which may know a record's folder too.
      const official = javascript.ok as { records?: object[] } | undefined;
      if (official?.records?.length === secrets.records.length)
        expect(nothingMissing(secrets)).toMatchObject(official);
    }
    if (javascript.config) expect(config).toEqual(javascript.config);
    expect(problems).toHaveLength(recommended.skipped?.length ?? 0);
    for (const problem of problems) expect(problem).toBeInstanceOf(KeeperError);
  });
});

describe("refusal vectors", () => {
  it.each(errors)("$id", async ({ input, expect: { javascript, recommended } }) => {
    const config = { ...input.configBefore };
    const sleeps: number[] = [];
    const keyIds: string[] = [];
    const seals = new Set<string>();
    const options: SecretManagerOptions = {
      storage: inMemoryStorage(config),
      throttleSleep: async (ms) => void sleeps.push(ms),
      queryFunction: async (_url, transmissionKey, { payload, signature }) => {
        const step = input.httpSequence[Math.min(keyIds.length, input.httpSequence.length - 1)];
        keyIds.push(String(transmissionKey.publicKeyId));
        seals.add(Buffer.from(payload).toString("hex")).add(Buffer.from(signature).toString("hex"));
        if (step?.status === 200) transmissionKey.key = Buffer.from(input.transmissionKeyHex, "hex");
        const data = Buffer.from(step?.body ?? "", step?.enc === "base64" ? "base64" : "utf8");
        return { statusCode: step?.status ?? 0, headers: {}, data };
      },
    };
    const got = await outcome(() => getSecrets2(options));
    expect(keyIds).toHaveLength(recommended.calls);
    expect(sleeps).toHaveLength(recommended.sleeps ?? 0);
    expect(seals.size).toBe(2 * keyIds.length);
    if (recommended.keyIdsSent) expect(keyIds).toEqual(recommended.keyIdsSent);
    const before = input.configBefore["serverPublicKeyId"];
    expect(config["serverPublicKeyId"]).toBe(
      recommended.serverPublicKeyIdAfter ?? (recommended.ok ? keyIds.at(-1) : before),
    );
    if (recommended.ok) {
      expect(got).toMatchObject({ value: { records: { length: recommended.ok.records } } });
      return;
    }
    const { error } = got as { error: string };
    const official = javascript.err ?? "";
    if (/unbounded|^TypeError|^SyntaxError|binary body/.test(official) || official === "") {
      expect(error).toMatch(/^(?:Syntax)?Error: (?:The (?:service|answer)|unknown ksm error, code 201)/);
    } else expect(error).toBe(official);
  });
});
