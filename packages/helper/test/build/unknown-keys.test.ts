import { describe, expect, it } from "vitest";
import { field, readRecord, record, recordsFromText, TypeRegistry } from "../../src/index.ts";
import { recordSchema } from "../../src/schema/index.ts";
import { problemsOf } from "../support/failure.ts";

const frame = "version: v3\nkind: KeeperRecord\ndata:\n";

describe("unknown keys are refused", () => {
  it("in record files", async () => {
    const text = `${frame}- recordType: login\n  title: a\n  fields: []\n  custom:\n  - {type: secret, label: k, value: x}\n`;
    expect(await problemsOf(() => recordsFromText(text, "yaml"))).toEqual(["UNKNOWN_KEY data[0].custom"]);
    const both = `${frame}- recordType: login\n  title: a\n  fields: []\n  customFields: []\n  custom_fields: []\n`;
    expect(await problemsOf(() => recordsFromText(both, "yaml"))).toEqual([
      "UNKNOWN_KEY data[0].custom_fields",
    ]);
  });

  it("in the builders and their schemas", async () => {
    const slip = { title: "x", feilds: { password: "p" } };
    expect(await problemsOf(() => record("login", slip as never))).toEqual(["UNKNOWN_KEY feilds"]);
    const result = await recordSchema("login")["~standard"].validate(slip);
    expect(result.issues).toMatchObject([{ path: ["feilds"] }]);
    expect(await problemsOf(() => field("text", "x", { lable: "y" } as never))).toEqual([
      "UNKNOWN_KEY lable",
    ]);
    expect(await problemsOf(() => field("text", "x", { complexity: {} } as never))).toEqual([
      "UNKNOWN_KEY complexity",
    ]);
  });

  it("in type files of ours, while exports of a vault may hold more", async () => {
    const registry = new TypeRegistry();
    const types = (row: string): string => `version: v3\nkind: KeeperRecordType\ndata:\n- ${row}\n`;
    expect(
      await problemsOf(() => registry.load(types("{name: pin, feilds: [{type: password}]}"), "yaml")),
    ).toEqual(["UNKNOWN_KEY data[0].feilds"]);
    expect(
      await problemsOf(() =>
        registry.load(types("{name: pin, fields: [{type: password, privacyScreen: true}]}"), "yaml"),
      ),
    ).toEqual(["UNKNOWN_KEY data[0].fields[0].privacyScreen"]);
    const content = JSON.stringify({ $id: "pin", categories: ["x"], fields: [{ $ref: "text", newer: 1 }] });
    expect(registry.loadData([{ recordTypeId: 1, recordTypeCategory: "y", content }])).toHaveLength(1);
  });

  it("keeps what newer vaults store in a field that was read", () => {
    const stored = { ...field("text", "x"), newer: 1 };
    expect(readRecord({ type: "login", title: "t", fields: [], custom: [stored] }).toData().custom).toEqual([
      stored,
    ]);
  });
});
