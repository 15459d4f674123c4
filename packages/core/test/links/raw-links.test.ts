import { describe, expect, it } from "vitest";
import { getLinks } from "../../src/links/index.ts";
import { openSecrets } from "../../src/records/open-secrets.ts";
import { newKey, wireRecord } from "../records/sealed-answer.ts";

describe("links of a record", () => {
  const links = [
    { recordUid: "target", data: "eyJpc19hZG1pbiI6dHJ1ZX0=", path: null, unknown: { kept: 1 } },
    { recordUid: "", path: "meta" },
    { data: 5 },
  ];

  it.each([false, true])("stay as the service sent them, beside the decoded ones; lazy: %s", async (lazy) => {
    const appKey = newKey();
    const wire = { ...(await wireRecord(appKey, { type: "login", title: "t", fields: [] })), links };
    const { records } = await openSecrets({ records: [wire] }, { appKey, lazy });
    expect(records[0]?.links).toEqual(links);
    expect(getLinks(records[0]!).map(({ recordUid }) => recordUid)).toEqual(["target"]);
    expect(records[0]?.links).toEqual(links);
    expect(JSON.stringify(records[0])).not.toContain("target");
  });

  it("are an empty list when none were asked for", async () => {
    const appKey = newKey();
    const wire = await wireRecord(appKey, { type: "login", title: "t", fields: [] });
    const { records } = await openSecrets({ records: [wire] }, { appKey });
    expect(records[0]?.links).toEqual([]);
  });
});
