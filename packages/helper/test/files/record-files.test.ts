import { describe, expect, it } from "vitest";
import { record, recordsFromData, recordsFromText, TypeRegistry } from "../../src/index.ts";
import { failureOf, placedProblemsOf, problemsOf } from "../support/failure.ts";

function file(...data: unknown[]): object {
  return { version: "v3", kind: "KeeperRecord", data };
}

const login = { recordType: "login", title: "T", fields: [] };

describe("recordsFromText", () => {
  it("says where in a JSON text each problem is", async () => {
    const text = `{
  "version": "v3",
  "kind": "KeeperRecord",
  "data": [
    { "recordType": "login", "title": "ok", "fields": [] },
    {
      "recordType": "login",
      "title": "",
      "fields": [
        { "type": "oneTimeCode", "value": "x" },
        { "type": "host", "value": {} }
      ],
      "customFields": [
        { "type": "address", "label": "L",
          "value": { "country": "XX" } },
        { "value": "y" }
      ]
    }
  ]
}`;
    expect(await placedProblemsOf(() => recordsFromText(text, "json"))).toEqual([
      "TITLE_MISSING 8:16",
      "NO_STANDARD_SLOT 11:9",
      "UNKNOWN_FIELD_TYPE 16:9",
      "INVALID_FORMAT 10:43",
      "INVALID_ENUM 15:33",
    ]);
  });

  it("says where in a YAML text each problem is, values behind anchors included", async () => {
    const text = `version: v3
kind: KeeperRecord
data:
  - recordType: login
    title: ok
    fields: &fields
      - type: password
        value: 007
  - recordType: logon
    title: not ok
    fields: *fields
  - recordType: login
    fields:
      - type: login
        value: [ann, [bob]]
    customFields:
      - type: date
        value: 2021
`;
    expect(await placedProblemsOf(() => recordsFromText(text, "yaml"))).toEqual([
      "RECORD_TYPE_UNKNOWN 9:17",
      "TITLE_MISSING 12:5",
      "INVALID_VALUE 15:22",
      "AMBIGUOUS_DATE 18:16",
    ]);
    const { message } = await failureOf(() => recordsFromText(text, "yaml"));
    expect(message).toContain("data[2].customFields[0].value (line 18, column 16): could be a year");
  });

  it.each<[string, "json" | "yaml", string]>([
    ['{"version" "v3"}', "json", "JSON_SYNTAX 1:12"],
    ['{"kind": "KeeperRecord", "kind": "x"}', "json", "JSON_SYNTAX 1:26"],
    ["a: b: c", "yaml", "YAML_SYNTAX 1:4"],
    ["", "json", "JSON_SYNTAX 1:1"],
  ])("%j", async (text, format, problem) => {
    expect(await placedProblemsOf(() => recordsFromText(text, format))).toEqual([problem]);
  });

  it("refuses a text without end, a format that there is not, and what is no text", async () => {
    expect(await problemsOf(() => recordsFromText(" ".repeat(8 * 1024 * 1024 + 1), "yaml"))).toEqual([
      "FILE_TOO_LARGE",
    ]);
    expect(await problemsOf(() => recordsFromText("{}", "toml" as "json"))).toEqual(["ARGUMENT_INVALID"]);
    expect(await problemsOf(() => recordsFromText(undefined as unknown as string, "json"))).toEqual([
      "ARGUMENT_INVALID",
    ]);
  });

  it("keeps whole numbers of any length", async () => {
    const text = JSON.stringify(file({ ...login, fields: [{ type: "password", value: 0 }] })).replace(
      '"value":0',
      '"value":12345678901234567890',
    );
    const [built] = await recordsFromText(text, "json");
    expect(built?.fields[2]?.value).toEqual(["12345678901234567890"]);
  });

  it("builds records of the registry's types, and only with it", async () => {
    const registry = new TypeRegistry();
    registry.loadData({
      version: "v3",
      kind: "KeeperRecordType",
      data: [{ name: "badge", fields: [{ type: "accountNumber", label: "Number", required: true }] }],
    });
    const text = JSON.stringify(
      file({ recordType: "badge", title: "B", fields: [{ type: "accountNumber", value: "1" }] }),
    );
    const [built] = await recordsFromText(text, "json", { registry });
    expect(built?.fields).toEqual([{ type: "accountNumber", label: "Number", value: ["1"], required: true }]);
    expect(await problemsOf(() => recordsFromText(text, "json"))).toEqual([
      "RECORD_TYPE_UNKNOWN data[0].recordType",
    ]);
  });
});

describe("recordsFromData", () => {
  it("makes the same record as the builder", () => {
    const built = record("bankCard", {
      title: "T",
      notes: "n",
      fields: { cardholderName: "Ann", pinCode: "0042" },
    });
    const { type: recordType, title, notes, fields } = built;
    expect(recordsFromData(file({ recordType, title, notes, fields }))).toEqual([built]);
  });

  it.each<[string, unknown, string[]]>([
    ["nothing", undefined, ["FILE_NOT_OBJECT"]],
    ["a list", [], ["FILE_NOT_OBJECT"]],
    ["an empty object", {}, ["KIND_INVALID kind", "VERSION_MISSING version", "DATA_MISSING data"]],
    [
      "another version",
      { kind: "KeeperRecord", version: 3, data: {} },
      ["VERSION_UNSUPPORTED version", "DATA_NOT_ARRAY data"],
    ],
    ["another kind", { kind: "KeeperRecordType", version: "v3", data: [5] }, ["KIND_INVALID kind"]],
    [
      "entries that are none",
      file("x", null, []),
      ["ITEM_NOT_OBJECT data[0]", "ITEM_NOT_OBJECT data[1]", "ITEM_NOT_OBJECT data[2]"],
    ],
    [
      "an empty entry",
      file({}),
      ["RECORD_TYPE_MISSING data[0].recordType", "TITLE_MISSING data[0].title", "FIELDS_MISSING data[0]"],
    ],
    [
      "no title and no such type",
      file({ recordType: "x", fields: [] }),
      ["TITLE_MISSING data[0].title", "RECORD_TYPE_UNKNOWN data[0].recordType"],
    ],
    [
      "parts of the wrong shape",
      file({ recordType: {}, title: [], notes: {}, fields: {}, customFields: "x" }),
      [
        "TITLE_NOT_STRING data[0].title",
        "RECORD_TYPE_UNKNOWN data[0].recordType",
        "NOTES_NOT_STRING data[0].notes",
        "FIELDS_NOT_ARRAY data[0].fields",
        "CUSTOM_FIELDS_NOT_ARRAY data[0].customFields",
      ],
    ],
    [
      "fields that are none",
      file({ ...login, fields: [5], custom_fields: [null] }),
      ["FIELD_NOT_OBJECT data[0].fields[0]", "FIELD_NOT_OBJECT data[0].custom_fields[0]"],
    ],
    [
      "a label that is none",
      file({ ...login, fields: [{ type: "login", label: {}, value: "x" }] }),
      ["INVALID_VALUE data[0].fields[0].label"],
    ],
    [
      "types that are none",
      file({ ...login, fields: [{ type: 5 }, {}], customFields: [{ type: null }, { type: "phoneItem" }] }),
      [
        "NO_STANDARD_SLOT data[0].fields[0]",
        "NO_STANDARD_SLOT data[0].fields[1]",
        "UNKNOWN_FIELD_TYPE data[0].customFields[0]",
        "UNKNOWN_FIELD_TYPE data[0].customFields[1]",
      ],
    ],
  ])("refuses %s", async (_, data, problems) => {
    expect(await problemsOf(() => recordsFromData(data))).toEqual(problems);
  });

  it("takes numbers and truth values where text belongs", () => {
    const [built] = recordsFromData(
      file({
        recordType: "login",
        title: false,
        notes: 0,
        fields: [],
        customFields: [{ type: "text", label: 7, value: true }],
      }),
    );
    expect(built).toMatchObject({
      title: "false",
      notes: "0",
      custom: [{ type: "text", label: "7", value: ["true"] }],
    });
  });

  it("minds required slots when it is strict", async () => {
    const data = file({ recordType: "contact", title: "T", fields: [] });
    expect(recordsFromData(data)).toHaveLength(1);
    expect(await problemsOf(() => recordsFromData(data, { strict: true }))).toEqual([
      "REQUIRED_MISSING data[0].fields",
    ]);
  });
});
