import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  defineRecordType,
  field,
  generate,
  readRecord,
  record,
  slot,
  TypeRegistry,
} from "../../src/index.ts";
import { buildEveryType } from "../fixtures/every-type.ts";
import { problemsOf } from "../support/failure.ts";

/** What writers of all kinds leave in a vault. */
const old = {
  type: "pamMachine",
  title: "Web",
  fields: [
    { type: "text", value: ["linux"] },
    { type: "text", label: "Instance Name", value: [7] },
    { type: "checkbox", label: "sslVerification", value: ["true"], required: "true" },
    { type: "pamHostname", value: [{ hostName: "h", port: 22 }] },
    { type: "text", value: ["i-0abc"] },
    { type: "login", label: "login", value: "root" },
    { type: "securityQuestion", value: [{ question: "?", answer: 5 }] },
    { type: "novelty", value: [{ deep: [1, null] }], flag: false },
    "not a field",
  ],
  custom: [
    { type: "text", label: "Cost centre", value: ["42"] },
    { type: "text", label: "Owner", value: ["Ann"] },
    { type: "pamSettings", value: [{ connection: [{ protocol: "ssh" }], portForward: [{ port: 22 }] }] },
    { type: "fileRef", value: ["OlLZ6JLjnyMOS3CiIPHBjw"] },
  ],
  notes: "",
  "odd key": { kept: true },
};

describe("RecordView", () => {
  it("gives back what it read", () => {
    expect(readRecord(old).toData()).toEqual(old);
    for (const built of Object.values(buildEveryType())) expect(readRecord(built).toData()).toEqual(built);
  });

  it("finds slots by either label, then by position among the unlabelled, and reads leniently", () => {
    const view = readRecord(old, "pamMachine");
    expect(view.get("instanceName")).toBe("7");
    expect(view.get("operatingSystem")).toBe("linux");
    expect(view.get("instanceId")).toBe("i-0abc");
    expect(view.get("providerGroup")).toBeUndefined();
    expect(view.get("sslVerification")).toBe(true);
    expect(view.slot("sslVerification")?.isRequired).toBe(true);
    expect(view.get("pamHostname")).toEqual({ hostName: "h", port: "22" });
    expect(view.get("login")).toBe("root");
    expect(view.getAll("fileRef")).toEqual([]);
    expect([view.type, view.title, view.notes]).toEqual(["pamMachine", "Web", undefined]);
  });

  it("reaches every field, of types that it does not know too", () => {
    const view = readRecord(old);
    expect(view.field("text", { section: "custom", index: 1 })?.value).toBe("Ann");
    expect(view.field("text", { label: "COST-CENTRE" })?.values).toEqual(["42"]);
    expect(view.field("text", { index: 9 })).toBeUndefined();
    expect(view.field("novelty")?.value).toEqual({ deep: [1, null] });
    expect(view.field("securityQuestion")?.value).toEqual({ question: "?", answer: "5" });
    expect(view.field("pamSettings")?.value).toEqual({
      connection: { protocol: "ssh" },
      portForward: { port: "22" },
    });
    expect(view.fields).toHaveLength(8);
    expect(view.custom.map(({ label }) => label)).toEqual(["Cost centre", "Owner", undefined, undefined]);
  });

  it("changes what is set and nothing else", () => {
    const view = readRecord(old, "pamMachine");
    view
      .set("instanceName", "web-1")
      .set("pamHostname", { hostName: "h2", port: "2222" })
      .set("login", undefined);
    view.title = "Web 1";
    view.notes = "moved";
    const expected: { fields: unknown[] } = structuredClone(old);
    expected.fields[1] = { type: "text", label: "Instance Name", value: ["web-1"] };
    expected.fields[3] = { type: "pamHostname", value: [{ hostName: "h2", port: "2222" }] };
    expected.fields[5] = { type: "login", label: "login", value: [] };
    expect(view.toData()).toEqual({ ...expected, title: "Web 1", notes: "moved" });
    view.notes = undefined;
    expect(view.toData()).not.toHaveProperty("notes");
    expect(old.title).toBe("Web");
  });

  it("adds a slot that the record does not have, and custom fields", () => {
    const view = readRecord({ type: "bankCard", title: "T" }, "bankCard");
    view.set("cardholderName", "Ann").addCustom(field("text", "x", { label: "L" }));
    expect(view.toData()).toEqual({
      type: "bankCard",
      title: "T",
      fields: [{ type: "text", label: "cardholderName", value: ["Ann"] }],
      custom: [{ type: "text", label: "L", value: ["x"] }],
    });
  });

  it("generates passwords where one is asked for", () => {
    const view = readRecord(record("login", { title: "T", fields: { password: "old" } }), "login");
    view.set("password", generate({ length: 12, digits: 12 }));
    expect(view.get("password")).toMatch(/^\d{12}$/);
  });

  it("reads an unset schedule of the official helper as none", () => {
    const data = {
      type: "pamNetworkConfiguration",
      title: "T",
      fields: [{ type: "schedule", value: [{ type: "schedule" }] }],
    };
    const view = readRecord(data, "pamNetworkConfiguration");
    expect(view.get("defaultRotationSchedule")).toBeUndefined();
    expect(view.toData()).toEqual(data);
  });

  it("clones without attachments and without touching the original", () => {
    const view = readRecord(old);
    const copy = view.clone({ title: "Copy" });
    copy.field("text", { label: "Owner" })?.set("Bob");
    expect(copy.title).toBe("Copy");
    expect(copy.field("fileRef")?.values).toEqual([]);
    expect(view.toData()).toEqual(old);
  });

  it("knows custom types from a definition or a registry", () => {
    const badge = defineRecordType("badge", { number: slot("accountNumber"), owner: slot("name") });
    const data = record(badge, { title: "T", fields: { number: "1", owner: [{ first: "Ann" }] } });
    expect(readRecord(data, badge).get("owner")).toEqual({ first: "Ann" });
    const view = readRecord(data, undefined, { registry: new TypeRegistry().define(badge) });
    expect(view.get("number")).toBe("1");
  });

  it("shows no value when it is printed", () => {
    const view = readRecord({
      type: "login",
      title: "hunter2",
      fields: [{ type: "password", value: ["hunter2"] }],
      notes: "hunter2",
    });
    const printed = [
      inspect(view),
      JSON.stringify(view),
      inspect(view.fields),
      JSON.stringify(view.fields),
      JSON.stringify({ view }),
    ];
    expect(printed.join()).not.toContain("hunter2");
    expect(printed[0]).toContain("login");
  });

  it.each<[string, () => unknown, string[]]>([
    ["no object", () => readRecord([]), ["ITEM_NOT_OBJECT"]],
    ["what JSON cannot hold", () => readRecord({ type: "login", when: new Date() }), ["ITEM_NOT_OBJECT"]],
    [
      "another type than it was named",
      () => readRecord({ type: "login", title: "T" }, "contact"),
      ["RECORD_TYPE_UNKNOWN"],
    ],
    [
      "a slot of a type it does not know",
      () => readRecord({ type: "novelty" }).get("login"),
      ["NO_STANDARD_SLOT"],
    ],
    [
      "a slot that the type does not have",
      () => readRecord({ type: "login" }).get("host"),
      ["NO_STANDARD_SLOT"],
    ],
    [
      "a value that does not fit",
      () => readRecord(old, "pamMachine").set("login", {} as string),
      ["INVALID_VALUE value"],
    ],
    [
      "a value for a missing slot that does not fit",
      () => readRecord(old, "pamMachine").set("oneTimeCode", "x"),
      ["INVALID_FORMAT value"],
    ],
    [
      "a value for a type it does not know",
      () => readRecord(old).field("novelty")?.set("x"),
      ["UNKNOWN_FIELD_TYPE type"],
    ],
    [
      "a custom field that is none",
      () => readRecord(old).addCustom({ type: "nope", value: [] }),
      ["UNKNOWN_FIELD_TYPE type"],
    ],
    ["an empty title", () => readRecord(old).clone({ title: "" }), ["TITLE_MISSING"]],
  ])("refuses %s", async (_, run, problems) => {
    expect(await problemsOf(run)).toEqual(problems);
  });
});
