import { inspect } from "node:util";
import { describe, expect, expectTypeOf, it } from "vitest";
import { provider } from "#crypto";
import type { KsmRecord } from "../../src/records/ksm-record.ts";
import { openSecrets } from "../../src/records/open-secrets.ts";
import { newKey, wireRecord } from "./sealed-answer.ts";

const login = {
  type: "login",
  title: "Shop",
  notes: "n",
  vendorKey: { kept: true },
  fields: [
    { type: "login", value: ["anna"], extra: 1 },
    { type: "password", value: ["pw-1", "pw-2"] },
    { type: "url", label: "Login", value: ["https://a", "https://b"] },
    { type: "oneTimeCode", value: [] },
    { type: "host", label: "Main", value: [{ hostName: "h", port: "22", unknown: 7 }] },
  ],
  custom: [{ type: "text", label: "Region", value: ["eu"] }],
};

async function recordOf(data: object, lazy = false): Promise<KsmRecord> {
  const appKey = newKey();
  const { records } = await openSecrets({ records: [await wireRecord(appKey, data)] }, { appKey, lazy });
  const [record] = records;
  if (record === undefined) throw new Error("no record");
  return record;
}

describe("reading fields", () => {
  it.each([
    ["a type", "login", "anna"],
    ["a type in another case", "LOGIN", "anna"],
    ["a label before a type", "Login", "https://a"],
    ["an empty field", "oneTimeCode", undefined],
  ])("by %s", async (_what, key, expected) => {
    expect((await recordOf(login)).field(key)).toBe(expected);
  });

  it("compares labels exactly", async () => {
    const record = await recordOf(login);
    expect(record.field("Main")).toMatchObject({ hostName: "h" });
    expect(() => record.field("main")).toThrow(
      expect.objectContaining({ code: "ERR_KSM_FIELD_NOT_FOUND", recordUid: record.uid }),
    );
  });

  it("gives all values, and finds without throwing", async () => {
    const record = await recordOf(login);
    expect(record.fieldValues("url")).toEqual(["https://a", "https://b"]);
    expect(record.customField("Region")).toBe("eu");
    expect(record.customField("text")).toBe("eu");
    expect(record.findField("nothing")).toBeUndefined();
    expect(record.findCustomField("Region")).toEqual({ type: "text", label: "Region", value: ["eu"] });
    expect(() => record.customField("login")).toThrow(/no custom field/);
  });

  it("finds a custom field by label and type together", async () => {
    const record = await recordOf({
      ...login,
      custom: [
        { type: "text", label: "Main", value: ["text"] },
        { type: "phone", label: "Main", value: [{ number: "1" }, { number: "2" }] },
        { type: "phone", value: [{ number: "3" }] },
        { type: "secret", label: "phone", value: ["label"] },
        { label: "Main", value: ["typeless"] },
      ],
    });
    expect(record.customField("Main")).toBe("text");
    expect(record.customField("Main", "phone")).toEqual({ number: "1" });
    expect(record.customField("Main", "PHONE")).toEqual({ number: "1" });
    expect(record.customFieldValues("Main", "phone")).toEqual([{ number: "1" }, { number: "2" }]);
    expect(record.customField("", "phone")).toEqual({ number: "3" });
    expect(record.customField("phone", "secret")).toBe("label");
    expect(record.findCustomField("Main", "text")).toMatchObject({ value: ["text"] });
    expect(record.findCustomField("main", "text")).toBeUndefined();
    for (const [label, type] of [
      ["Main", "secret"],
      ["main", "text"],
      ["Main", ""],
    ] as const)
      expect(() => record.customField(label, type)).toThrow(
        expect.objectContaining({ code: "ERR_KSM_FIELD_NOT_FOUND" }),
      );
    expectTypeOf(record.customField("Main", "phone")?.number).toEqualTypeOf<string | undefined>();
    expectTypeOf(record.customFieldValues("Main", "phone").map(() => 1)).toEqualTypeOf<number[]>();
  });

  it("names the fields that exist where one is misspelt, and no value", async () => {
    const record = await recordOf(login);
    const message = (call: () => unknown): string => {
      try {
        return String(call());
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(message(() => record.field("pasword"))).toContain(
      'no standard field has the label or type "pasword"; did you mean "password"? ' +
        'It has "login", "password", "Login", "oneTimeCode", "Main"',
    );
    expect(message(() => record.field("hsot"))).toContain('did you mean "host"?');
    expect(message(() => record.customField("region"))).toContain('did you mean "Region"?');
    expect(message(() => record.customField("Region", "secret"))).toContain(
      'no custom field has the label "Region" and the type "secret"',
    );
    expect(message(() => record.fieldValues("nothing alike"))).not.toContain("did you mean");
    const empty = await recordOf({ type: "t", title: "t", fields: [] });
    expect(message(() => empty.field("login"))).toContain("it has none");
    const hostile = await recordOf({
      type: "t",
      title: "t",
      fields: Array.from({ length: 30 }, (_, at) => ({
        type: "text",
        label: `\u001b[2J${at}\n`,
        value: ["v4lue"],
      })),
    });
    expect(message(() => hostile.field("x\u001b[31m"))).toMatch(/^[^\p{Cc}]+ and 10 more$/u);
    expect(message(() => hostile.field("x"))).not.toContain("v4lue");
  });

  it("types the values by the field type", async () => {
    const record = await recordOf(login);
    expectTypeOf(record.field("login")).toEqualTypeOf<string | undefined>();
    expectTypeOf(record.customField("Region")).toEqualTypeOf<unknown>();
    expectTypeOf(record.field("host")?.port).toEqualTypeOf<string | undefined>();
    expect(record.field("host")?.port).toBe("22");
  });

  it("gives the password of a login record only", async () => {
    expect((await recordOf(login)).password).toBe("pw-1");
    expect((await recordOf({ ...login, type: "note" })).password).toBeUndefined();
    expect((await recordOf({ type: "login", title: "x" })).password).toBeUndefined();
  });

  it.each([
    ["fields missing", { type: "x", title: "t" }],
    ["fields null", { type: "x", title: "t", fields: null, custom: null }],
    ["fields of other shapes", { type: "x", title: "t", fields: [null, 7, "x", { value: "lone" }, {}] }],
    ["fields an object", { type: "x", title: "t", fields: { login: "x" } }],
  ])("takes %s", async (_what, data) => {
    const record = await recordOf(data);
    expect(record.title).toBe("t");
    expect(record.findField("login")).toBeUndefined();
    expect(() => record.field("login")).toThrow(/no standard field/);
  });

  it("tells an absent title from an empty one", async () => {
    const bare = await recordOf({ fields: [] });
    expect([bare.title, bare.type, bare.notes]).toEqual([undefined, undefined, undefined]);
    expect((await recordOf({ title: "" })).title).toBe("");
  });
});

describe("changing fields", () => {
  it("replaces values and keeps everything it does not know", async () => {
    const record = await recordOf(login);
    record.setField("password", "new");
    record.setCustomField("Region", ["us", "eu"]);
    record.addCustomField({ type: "text", label: "Added", value: "x" });
    expect(record.data).toEqual({
      ...login,
      fields: login.fields.map((field) => (field.type === "password" ? { ...field, value: ["new"] } : field)),
      custom: [
        { type: "text", label: "Region", value: ["us", "eu"] },
        { type: "text", label: "Added", value: ["x"] },
      ],
    });
  });

  it("keeps 0 and false as values", async () => {
    const record = await recordOf({ ...login, fields: [{ type: "checkbox", value: [true] }] });
    record.setField("checkbox", false);
    expect(record.field("checkbox")).toBe(false);
    record.addCustomField({ type: "date", value: 0 });
    expect(record.customField("date")).toBe(0);
  });

  it("refuses a field that is not there, and a new one without a type", async () => {
    const record = await recordOf(login);
    expect(() => record.setField("nothing", "x")).toThrow(
      expect.objectContaining({ code: "ERR_KSM_FIELD_NOT_FOUND" }),
    );
    expect(() => record.addCustomField({ type: "", value: "x" })).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });

  it("takes a whole new record JSON, and nothing but an object", async () => {
    for (const lazy of [false, true]) {
      const record = await recordOf(login, lazy);
      record.data = { ...login, title: "New", fields: [] };
      expect(record.isOpen).toBe(true);
      expect(record.title).toBe("New");
      for (const wrong of [null, [], "text"]) {
        expect(() => (record.data = wrong as never)).toThrow(
          expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
        );
      }
      expect(record.data).toEqual({ ...login, title: "New", fields: [] });
    }
  });

  it("makes the list of custom fields when there is none", async () => {
    const record = await recordOf({ type: "login", title: "t", custom: null });
    record.addCustomField({ type: "text", label: "L", value: "v" });
    expect(record.customField("L")).toBe("v");
  });
});

describe("lazily opened records", () => {
  it("open at first use", async () => {
    const record = await recordOf(login, true);
    expect(record.isOpen).toBe(false);
    expect(record.title).toBe("Shop");
    expect(record.isOpen).toBe(true);
  });

  it("open on request where nothing is synchronous", async () => {
    const appKey = newKey();
    const { openGcmSync: _sync, ...asynchronous } = provider;
    const answer = { records: [await wireRecord(appKey, login)] };
    const { records } = await openSecrets(answer, { appKey, lazy: true, crypto: asynchronous });
    const [record] = records;
    expect(() => record?.title).toThrow(expect.objectContaining({ code: "ERR_KSM_RECORD_NOT_OPEN" }));
    expect(() => record?.files).toThrow(expect.objectContaining({ code: "ERR_KSM_RECORD_NOT_OPEN" }));
    expect((await record?.open())?.title).toBe("Shop");
  });

  it("say why they cannot be opened", async () => {
    const appKey = newKey();
    const answer = { records: [await wireRecord(newKey(), login)] };
    const { records } = await openSecrets(answer, { appKey, lazy: true });
    await expect(records[0]?.open()).rejects.toMatchObject({
      code: "ERR_KSM_RECORD_BROKEN",
      message: expect.stringContaining("key does not open"),
    });
    expect(() => records[0]?.title).toThrow(/key does not open/);
  });
});

it("prints uid, type and revision only", async () => {
  const record = await recordOf(login);
  const printed = `${inspect(record, { depth: 9, showHidden: true })} ${JSON.stringify(record)}`;
  expect(JSON.parse(JSON.stringify(record))).toEqual({ uid: record.uid, type: "login", revision: 3 });
  for (const secret of ["Shop", "pw-1", "anna", "https://a"]) expect(printed).not.toContain(secret);
});
