import { describe, expect, it } from "vitest";
import {
  field,
  generate,
  record,
  RecordHelperError,
  recordTypeNames,
  type BuildOptions,
  type FieldData,
} from "../../src/index.ts";
import { recordFromInput } from "../../src/build/record-from-input.ts";
import { buildEveryType } from "../fixtures/every-type.ts";
import { failureOf, problemsOf } from "../support/failure.ts";

describe("record", () => {
  it("writes every slot in order, and what the vault expects", () => {
    const built = record("bankCard", {
      title: "Card",
      notes: "",
      fields: { cardholderName: "Ann Lee", pinCode: "0042" },
    });
    expect(built).toEqual({
      type: "bankCard",
      title: "Card",
      fields: [
        { type: "paymentCard", value: [] },
        { type: "text", label: "cardholderName", value: ["Ann Lee"] },
        { type: "pinCode", value: ["0042"] },
        { type: "addressRef", value: [] },
        { type: "fileRef", value: [] },
      ],
      custom: [],
    });
  });

  it("writes the other label when asked, and the one there is when that is missing", () => {
    const labelsOf = (options?: BuildOptions): unknown[] => [
      record("bankCard", { title: "T" }, options).fields[1]?.label,
      record("sshKeys", { title: "T" }, options).fields[2]?.label,
      record(
        "pamLocalConfiguration",
        { title: "T", fields: { pamResources: {}, defaultRotationSchedule: {}, localId: "" } },
        options,
      ).fields[2]?.label,
    ];
    expect(labelsOf()).toEqual(["cardholderName", "passphrase", "Local Id"]);
    expect(labelsOf({ labelStyle: "display" })).toEqual(["Cardholder Name", "passphrase", "Local Id"]);
  });

  it("marks required slots with a truth value and leaves false flags out", () => {
    const built = record("contact", {
      title: "T",
      fields: { name: { first: "Ann" } },
      custom: [field("text", "x", { label: "", required: false, privacyScreen: true })],
    });
    expect(built.fields[0]).toEqual({ type: "name", value: [{ first: "Ann" }], required: true });
    expect(built.custom).toEqual([{ type: "text", value: ["x"], privacyScreen: true }]);
  });

  it("builds every type that can be made", () => {
    expect(Object.keys(buildEveryType())).toEqual(recordTypeNames({ includeUnverified: true }));
  });

  it("generates a password once, by the nearest rules", () => {
    const passwordOf = (built: { fields: readonly FieldData[] }): string =>
      String(built.fields.find(({ type }) => type === "password")?.value[0]);
    const digits = { length: 12, digits: 12 };
    expect(passwordOf(record("login", { title: "T" }, { generatePasswords: true }))).toHaveLength(64);
    expect(
      passwordOf(record("login", { title: "T" }, { generatePasswords: true, complexity: digits })),
    ).toMatch(/^\d{12}$/);
    const marked = { title: "T", fields: { password: generate({ length: 8, caps: 8 }) } };
    expect(passwordOf(record("login", marked, { complexity: digits }))).toMatch(/^[A-Z]{8}$/);
    expect(
      passwordOf(record("login", { title: "T", fields: { password: "mine" } }, { generatePasswords: true })),
    ).toBe("mine");
    expect(record("login", { title: "T" }, { complexity: digits }).fields[2]?.value).toEqual([]);
  });

  it("draws from the given source", () => {
    const random = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);
    const make = (): unknown =>
      record("login", { title: "T", fields: { password: generate({ length: 4, lowercase: 4 }) } }, { random })
        .fields[2]?.value;
    expect(make()).toEqual(["aaaa"]);
  });

  it("takes a finished field as it is", () => {
    const vaultField = {
      type: "password",
      label: "Old",
      value: ["kept"],
      enforceGeneration: true,
      complexity: { length: 8, novel: 1 },
      required: true,
    };
    expect(record("login", { title: "T", custom: [vaultField] }, { generatePasswords: true }).custom).toEqual(
      [vaultField],
    );
  });

  it("lists everything that is wrong", async () => {
    const input = {
      title: "",
      notes: {},
      fields: { fileRef: ["x"], url: 5, host: {}, password: generate({ length: 0 }) },
      custom: [
        field("text", "a"),
        "b",
        { type: "phoneItem" },
        { type: "date", value: "soon", label: {}, required: "?" },
      ],
    };
    expect(await problemsOf(() => recordFromInput("login", input, { complexity: { digits: 1.5 } }))).toEqual([
      "COMPLEXITY_INVALID complexity.digits",
      "TITLE_MISSING title",
      "NOTES_NOT_STRING notes",
      "NO_STANDARD_SLOT fields.host",
      "COMPLEXITY_INVALID fields.password.length",
      "INVALID_FORMAT fields.fileRef[0]",
      "FIELD_NOT_OBJECT custom[1]",
      "UNKNOWN_FIELD_TYPE custom[2].type",
      "INVALID_VALUE custom[3].label",
      "INVALID_BOOLEAN custom[3].required",
      "INVALID_DATE custom[3].value",
    ]);
  });

  it.each<[string, unknown, string[]]>([
    ["", { title: "T" }, ["RECORD_TYPE_MISSING type"]],
    ["Login", { title: "T" }, ["RECORD_TYPE_UNKNOWN type"]],
    ["general", { title: "T" }, ["RECORD_TYPE_UNKNOWN type"]],
    ["pamGcpConfiguration", { title: "T" }, ["RECORD_TYPE_UNKNOWN type"]],
    ["__proto__", { title: "T" }, ["RECORD_TYPE_UNKNOWN type"]],
    ["login", undefined, ["ARGUMENT_INVALID"]],
    ["login", { title: {} }, ["TITLE_NOT_STRING title"]],
    ["login", { title: "T", fields: [] }, ["VALUE_NOT_OBJECT fields"]],
    [
      "login",
      { title: "T", fields: { "odd key": 1, constructor: 2 } },
      ['NO_STANDARD_SLOT fields["odd key"]', "NO_STANDARD_SLOT fields.constructor"],
    ],
    ["login", { title: "T", custom: {} }, ["CUSTOM_FIELDS_NOT_ARRAY custom"]],
  ])("refuses %j with %j", async (type, input, problems) => {
    expect(await problemsOf(() => recordFromInput(type, input))).toEqual(problems);
  });

  it("refuses options that make no sense", async () => {
    const options = { labelStyle: "loud" } as unknown as BuildOptions;
    expect(await problemsOf(() => record("login", { title: "T" }, options))).toEqual([
      "ARGUMENT_INVALID labelStyle",
    ]);
  });

  it("takes a number as title or notes", () => {
    expect(recordFromInput("login", { title: 2024, notes: 7 })).toMatchObject({ title: "2024", notes: "7" });
  });

  it("is strict when asked", async () => {
    const custom = [
      field("text", "a", { label: "L" }),
      field("text", "b", { label: "L" }),
      field("url", "c", { label: "L" }),
    ];
    expect(record("contact", { title: "T", fields: { name: {} }, custom }).custom).toHaveLength(3);
    expect(
      await problemsOf(() =>
        record("contact", { title: "T", fields: { name: {} }, custom }, { strict: true }),
      ),
    ).toEqual(["REQUIRED_MISSING fields", "FIELD_NOT_UNIQUE custom[1]"]);
  });
});

describe("field", () => {
  it("keeps flags as they are given", () => {
    expect(field("text", "x", { required: true, privacyScreen: false, label: "L" })).toEqual({
      type: "text",
      label: "L",
      required: true,
      privacyScreen: false,
      value: ["x"],
    });
  });

  it("generates an enforced password whatever is given", () => {
    const { value, complexity } = field("password", "mine", {
      enforceGeneration: true,
      complexity: { length: 10 },
    });
    expect(String(value[0])).toHaveLength(10);
    expect(complexity).toEqual({
      length: 10,
      caps: 0,
      lowercase: 0,
      digits: 0,
      special: 0,
      filter_characters: null,
    });
  });

  it.each<[string, object, string]>([
    ["nothing to draw from", { filterCharacters: "0123456789", digits: 1 }, "COMPLEXITY_UNSATISFIABLE value"],
    ["a length of nothing", { length: 0 }, "COMPLEXITY_INVALID value.length"],
    ["too long", { length: 1025 }, "COMPLEXITY_INVALID value.length"],
    ["too many", { digits: -1025 }, "COMPLEXITY_INVALID value.digits"],
    ["a fraction", { caps: 0.5 }, "COMPLEXITY_INVALID value.caps"],
    ["a filter of words", { filterCharacters: ["ab"] }, "COMPLEXITY_INVALID value.filter_characters"],
    ["a filter of numbers", { filterCharacters: 5 }, "COMPLEXITY_INVALID value.filter_characters"],
  ])("refuses a complexity with %s", async (_, complexity, problem) => {
    expect(await problemsOf(() => field("password", generate(complexity)))).toEqual([problem]);
  });
});

describe("RecordHelperError", () => {
  it("is coded, lists its problems and says them all", async () => {
    const error = await failureOf(() => record("login", { title: "", fields: { fileRef: [] } }));
    expect(error).toMatchObject({
      name: "RecordHelperError",
      code: "ERR_HELPER_TITLE_MISSING",
      retryable: false,
    });
    expect(RecordHelperError.isInstance(error)).toBe(true);
    expect(error.message).toBe("title: is missing or empty");
    const many = Array.from({ length: 25 }, () => ({ type: "nope" }));
    const long = await failureOf(() => recordFromInput("login", { title: "T", custom: many }));
    expect(long.problems).toHaveLength(25);
    expect(long.message.split("\n")).toHaveLength(22);
    expect(long.message).toContain("and 5 more");
  });
});
