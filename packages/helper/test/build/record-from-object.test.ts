import { describe, expect, it } from "vitest";
import { recordFromObject } from "../../src/index.ts";
import { problemsOf } from "../support/failure.ts";

describe("recordFromObject", () => {
  it("completes a record and keeps what it does not know", () => {
    const object = {
      type: "anything",
      title: "T",
      notes: "",
      fields: [
        { type: "checkbox", value: 0, required: "true", privacyScreen: "no", label: "" },
        { type: "name", value: { first: "Ann" }, novel: { kept: true } },
        { type: "text" },
      ],
      surplus: 1,
    };
    expect(recordFromObject(object)).toEqual({
      type: "anything",
      title: "T",
      fields: [
        { type: "checkbox", value: [0], required: true },
        { type: "name", value: [{ first: "Ann" }], novel: { kept: true } },
        { type: "text", value: [] },
      ],
      custom: [],
    });
  });

  it.each<[string, unknown, string[]]>([
    ["no object", null, ["ITEM_NOT_OBJECT", "RECORD_TYPE_MISSING type", "TITLE_NOT_STRING title"]],
    ["no title", { type: "login" }, ["TITLE_NOT_STRING title"]],
    ["an empty title", { type: "login", title: "" }, ["TITLE_MISSING title"]],
    [
      "numbers for texts",
      { type: 1, title: 2, notes: 3 },
      ["RECORD_TYPE_MISSING type", "TITLE_NOT_STRING title", "NOTES_NOT_STRING notes"],
    ],
    [
      "sections that are no arrays",
      { type: "x", title: "T", fields: {}, custom: "c" },
      ["FIELDS_NOT_ARRAY fields", "CUSTOM_FIELDS_NOT_ARRAY custom"],
    ],
    [
      "fields that are none",
      { type: "x", title: "T", fields: [1], custom: [{ type: "json" }, {}] },
      [
        "FIELD_NOT_OBJECT fields[0]",
        "FIELD_TYPE_NOT_STORABLE custom[0].type",
        "FIELD_TYPE_NOT_STORABLE custom[1].type",
      ],
    ],
    [
      "a value that JSON cannot hold",
      { type: "x", title: "T", fields: [{ type: "text", value: () => 1 }] },
      ["INVALID_VALUE fields[0].value"],
    ],
  ])("refuses %s", async (_, object, problems) => {
    expect(await problemsOf(() => recordFromObject(object))).toEqual(problems);
  });
});
