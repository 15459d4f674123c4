/** The notation vectors, through our `getNotationResults` and `getValue`, sealed records and all. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KeeperSecrets } from "../src/index.ts";
import { outcome } from "./support/outcome.ts";
import { sealedService, type ClearRecord } from "./support/sealed-service.ts";
import { sdks } from "./support/sdks.ts";

interface Outcome {
  ok?: unknown;
  err?: string;
  error?: unknown;
}

interface NotationCase {
  id: string;
  input: string;
  expect: { strict: { javascript: Outcome }; legacy: { javascript: Outcome } };
  recommendedStrict: Outcome;
  queries: { strictJavascript: (string[] | "ALL")[] };
  note?: string;
}

const file = JSON.parse(
  readFileSync(new URL("../../core/test/vectors/ksm-notation.json", import.meta.url), "utf8"),
) as { cases: NotationCase[]; fixture: { records: ClearRecord[] } };
const { platform, getNotationResults, getSecrets, getValue } = sdks.ours;
const { get } = platform;

let service: Awaited<ReturnType<typeof sealedService>>;
let secrets: KeeperSecrets;

beforeAll(async () => {
  service = await sealedService(sdks.ours, file.fixture.records);
  platform.get = async (url) => ({
    statusCode: 200,
    headers: {},
    data: service.content.get(url) ?? new Uint8Array(),
  });
  secrets = await getSecrets(service.options);
});
afterAll(() => Object.assign(platform, { get }));

// A record without custom fields has no matching one; the official package finds fault with the selector.
const otherWords = new Set(["/custom_field/label with \\[[0][middle]"]);

describe("notation vectors", () => {
  it("are all there", () => expect(file.cases).toHaveLength(171));

  it.each(file.cases)(
    "$id: getNotationResults",
    async ({ input, expect: expected, recommendedStrict, queries }) => {
      service.queries.length = 0;
      const got = await outcome(() => getNotationResults(service.options, input));
      expect(service.queries).toEqual(queries.strictJavascript);
      const official = expected.strict.javascript;
      if ("ok" in recommendedStrict) expect(got).toEqual({ value: recommendedStrict.ok });
      else if (otherWords.has(input)) expect(got).toMatchObject({ type: "Error" });
      else expect(got).toEqual({ type: "Error", error: `Error: ${official.err}` });
    },
  );

  it.each(file.cases)("$id: getValue", async ({ input, expect: expected, note }) => {
    const got = await outcome(() => getValue(secrets, input));
    const official = expected.legacy.javascript;
    if (note?.startsWith("value is a bare string")) return expect(got).toEqual({ value: "not a list" });
    // The official package trips over texts and null: ours says what it says elsewhere of a missing property.
    if (/TypeError|from null value/.test(official.err ?? "")) {
      return expect(got).toMatchObject({ type: "Error", error: expect.stringContaining("has no property") });
    }
    if (official.err !== undefined)
      return expect(got).toEqual({ type: "Error", error: `Error: ${official.err}` });
    const ok = official.ok as { $undefined?: true; $file?: string } | null;
    if (ok?.$undefined) return expect(got).toEqual({ value: undefined });
    if (ok?.$file) return expect(got).toMatchObject({ value: { fileUid: ok.$file } });
    return expect(got).toEqual({ value: official.ok });
  });
});
