import { describe, expect, it } from "vitest";
import { field, record, TypeRegistry, validate, type RecordData } from "../../src/index.ts";
import { buildEveryType } from "../fixtures/every-type.ts";

/** What is found, as `severity CODE path`. */
function findingsOf(data: unknown): string[] {
  return validate(data as RecordData).map(({ severity, code, path }) =>
    `${severity} ${code.replace("ERR_HELPER_", "")} ${path}`.trimEnd(),
  );
}

describe("validate", () => {
  it.each(Object.entries(buildEveryType()))("has nothing to say about %s", (_, data) => {
    expect(validate(data)).toEqual([]);
  });

  it("finds what a strict build would refuse", () => {
    const twins = [field("text", "a", { label: "L" }), field("text", "b", { label: "L" })];
    expect(findingsOf(record("contact", { title: "T", fields: { name: {} }, custom: twins }))).toEqual([
      "error REQUIRED_MISSING fields",
      "warning FIELD_NOT_UNIQUE custom[1]",
    ]);
  });

  it("looks into values", () => {
    const data = {
      type: "login",
      title: "",
      fields: [
        { type: "text", value: [5] },
        { type: "host", value: [{ port: 22 }] },
        { type: "login", value: ["a", "b"] },
        { type: "fileRef", value: ["x"] },
        { type: "oneTimeCode", value: ["otpauth://totp/x"] },
        { type: "otp", value: ["otpauth://totp/x?secret=JBSWY3DPEHPK3PXP", "otpauth://hotp/x"] },
        { type: "json", value: ["{}"] },
        { type: "url", value: "u" },
        "x",
      ],
      custom: {},
    };
    expect(findingsOf(data)).toEqual([
      "error TITLE_MISSING title",
      "error INVALID_FORMAT fields[3].value[0]",
      "error FIELD_TYPE_NOT_STORABLE fields[6].type",
      "error INVALID_VALUE fields[7].value",
      "error FIELD_TYPE_NOT_STORABLE fields[8].type",
      "error FIELDS_NOT_ARRAY custom",
      "warning INVALID_VALUE fields[0].value",
      "warning INVALID_VALUE fields[1].value",
      "warning INVALID_VALUE fields[2].value",
      "warning INVALID_FORMAT fields[4].value[0]",
      "warning INVALID_FORMAT fields[5].value[1]",
    ]);
    expect(JSON.stringify(validate(data as unknown as RecordData))).not.toContain("JBSWY3DPEHPK3PXP");
  });

  it("does not mind the order of keys, and knows the registry's types", () => {
    const registry = new TypeRegistry();
    registry.loadData({
      version: "v3",
      kind: "KeeperRecordType",
      data: [{ name: "badge", fields: [{ type: "name", required: true }] }],
    });
    const data = {
      type: "badge",
      title: "T",
      fields: [{ type: "name", value: [{ last: "B", first: "A" }] }],
      custom: [],
    };
    expect(validate(data, { registry })).toEqual([]);
    expect(findingsOf(data)).toEqual(["warning RECORD_TYPE_UNKNOWN type"]);
  });

  it.each([[null], [5], [[]]])("says of %j that it is no record", (data) => {
    expect(findingsOf(data)).toEqual(["error ITEM_NOT_OBJECT"]);
  });

  it("ends for an object without anything", () => {
    expect(findingsOf({})).toEqual([
      "error TITLE_MISSING title",
      "error FIELDS_NOT_ARRAY fields",
      "error FIELDS_NOT_ARRAY custom",
      "warning RECORD_TYPE_MISSING type",
    ]);
  });
});
