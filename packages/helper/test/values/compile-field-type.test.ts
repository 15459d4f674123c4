import { describe, expect, it } from "vitest";
import { field, record, type FieldTypeName } from "../../src/index.ts";
import { fieldFromInput } from "../../src/build/field.ts";
import { problemsOf } from "../support/failure.ts";

const uid = "OlLZ6JLjnyMOS3CiIPHBjw";

/** What is stored for a value of any shape. */
function stored(type: FieldTypeName, value: unknown): readonly unknown[] {
  return fieldFromInput({ type, value }).value;
}

describe("elements of a field", () => {
  it.each<[FieldTypeName, unknown, unknown[]]>([
    // Nothing is no element, false and zero are.
    ["text", undefined, []],
    ["text", null, []],
    ["text", "", []],
    ["text", [], []],
    ["text", [null, undefined, ""], [""]],
    ["name", "", []],
    ["checkbox", "", []],
    ["checkbox", false, [false]],
    ["date", 0, [0]],
    // Text stays text; numbers and truth values become text in their shortest form.
    ["text", 5, ["5"]],
    ["text", -0, ["0"]],
    ["text", 1e21, ["1000000000000000000000"]],
    ["text", 1.25e-7, ["0.000000125"]],
    ["text", 12345678901234567890n, ["12345678901234567890"]],
    ["text", true, ["true"]],
    ["text", " padded ", [" padded "]],
    // Only an array of texts is taken apart, and only where text is not opaque.
    ["text", ' ["a", "b"]', ["a", "b"]],
    ["text", "[]", []],
    ["text", '["a", 1]', ['["a", 1]']],
    ["text", '["a"', ['["a"']],
    ["text", '{"a": 1}', ['{"a": 1}']],
    ["text", ['["a"]'], ['["a"]']],
    ["note", '["a"]', ['["a"]']],
    ["secret", "null", ["null"]],
    // Truth in words.
    ["checkbox", ["Yes", "n", 1, "0", "ON", "f"], [true, false, true, false, true, false]],
    ["checkbox", '["true", false]', [true, false]],
    ["date", '["2021-07-01", 5]', [1_625_097_600_000, 5]],
    // Objects: keys in the table's order, null left out, nothing left is nothing.
    ["name", { last: "Lee", first: "Ann", middle: null }, [{ first: "Ann", last: "Lee" }]],
    ["name", [{}, null, { first: "" }], [{ first: "" }]],
    ["name", '[{"first":"A"},{"first":"B"}]', [{ first: "A" }, { first: "B" }]],
    ["phone", '{"number": 12345678901234567890}', [{ number: "12345678901234567890" }]],
    ["phone", { number: "1", type: "" }, [{ number: "1" }]],
    ["address", { country: "gb" }, [{ country: "GB" }]],
    ["script", { recordRef: uid }, [{ recordRef: [uid] }]],
    ["script", { recordRef: `["${uid}"]` }, [{ recordRef: [uid] }]],
    [
      "schedule",
      { type: "RUN_ONCE", later: { kept: [1, null] }, monthDay: "3" },
      [{ type: "RUN_ONCE", monthDay: 3, later: { kept: [1, null] } }],
    ],
    [
      "pamSettings",
      { connection: [{ protocol: "ssh" }], portForward: '{"port": 22}' },
      [{ connection: { protocol: "ssh" }, portForward: { port: "22" } }],
    ],
    ["pamSettings", { connection: {} }, [{ connection: {} }]],
    [
      "passkey",
      { createdDate: "2021-07-01", privateKey: { key_ops: "sign", alg: "ES256" } },
      [{ privateKey: { key_ops: ["sign"], alg: "ES256" }, createdDate: 1_625_097_600_000 }],
    ],
    ["oneTimeCode", "OTPAUTH://anything", ["OTPAUTH://anything"]],
  ])("%s: %o", (type, value, elements) => {
    expect(stored(type, value)).toEqual(elements);
  });

  it("keeps keys that no object should have", () => {
    const [element] = stored(
      "schedule",
      '{"type": "DAILY", "__proto__": {"polluted": true}, "constructor": 1}',
    );
    expect(Object.keys(element as object)).toEqual(["type", "__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("does not share objects with its input", () => {
    const input = { type: "DAILY", extra: { list: [1] } };
    const [element] = field("schedule", input).value;
    input.extra.list.push(2);
    expect(element).toEqual({ type: "DAILY", extra: { list: [1] } });
  });

  it.each<[FieldTypeName, unknown, string[]]>([
    ["text", {}, ["INVALID_VALUE value"]],
    ["text", [["a"]], ["INVALID_VALUE value[0]"]],
    ["text", Number.NaN, ["INVALID_VALUE value"]],
    ["text", () => 1, ["INVALID_VALUE value"]],
    ["text", Symbol("s"), ["INVALID_VALUE value"]],
    ["fileRef", "x", ["INVALID_FORMAT value"]],
    ["fileRef", [uid, `${uid}\n`, "y"], ["INVALID_FORMAT value[1]", "INVALID_FORMAT value[2]"]],
    ["fileRef", `["${uid}", "x"]`, ["INVALID_FORMAT value[1]"]],
    ["oneTimeCode", "JBSWY3DPEHPK3PXP", ["INVALID_FORMAT value"]],
    ["checkbox", "maybe", ["INVALID_BOOLEAN value"]],
    ["checkbox", 2, ["INVALID_BOOLEAN value"]],
    ["checkbox", {}, ["INVALID_BOOLEAN value"]],
    ["date", "2021", ["AMBIGUOUS_DATE value"]],
    ["date", ["2021-01-01", "soon"], ["INVALID_DATE value[1]"]],
    ["name", "Ann Lee", ["VALUE_NOT_OBJECT value"]],
    ["name", 5, ["VALUE_NOT_OBJECT value"]],
    ["name", ["Ann"], ["VALUE_NOT_OBJECT value[0]"]],
    ["name", '{"first"', ["INVALID_JSON value"]],
    ["name", '{"first": 1, "first": 2}', ["INVALID_JSON value"]],
    [
      "name",
      { given: "Ann", family: "Lee" },
      ["UNKNOWN_VALUE_KEY value.given", "UNKNOWN_VALUE_KEY value.family"],
    ],
    ["name", { toString: "x" }, ["UNKNOWN_VALUE_KEY value.toString"]],
    ["name", { first: {} }, ["INVALID_VALUE value.first"]],
    ["phone", [{ type: "Fax" }, { type: 1 }], ["INVALID_ENUM value[0].type", "INVALID_ENUM value[1].type"]],
    ["address", { country: "UK" }, ["INVALID_ENUM value.country"]],
    ["paymentCard", { cardExpirationDate: "4/30" }, ["INVALID_FORMAT value.cardExpirationDate"]],
    ["paymentCard", { cardExpirationDate: "٠٤/٢٠٣٠" }, ["INVALID_FORMAT value.cardExpirationDate"]],
    ["schedule", { intervalCount: 1.5 }, ["INVALID_VALUE value.intervalCount"]],
    ["schedule", { later: () => 1 }, ["INVALID_VALUE value.later"]],
    ["script", { recordRef: [uid, "x"] }, ["INVALID_FORMAT value.recordRef[1]"]],
    ["passkey", { privateKey: "x" }, ["VALUE_NOT_OBJECT value.privateKey"]],
    ["passkey", { privateKey: "{" }, ["INVALID_JSON value.privateKey"]],
    ["passkey", { privateKey: { ext: "perhaps" } }, ["INVALID_BOOLEAN value.privateKey.ext"]],
    ["pamSettings", { connection: [{}, {}] }, ["VALUE_NOT_OBJECT value.connection"]],
    ["passkey", { createdDate: "soon" }, ["INVALID_DATE value.createdDate"]],
  ])("%s refuses %o", async (type, value, problems) => {
    expect(await problemsOf(() => stored(type, value))).toEqual(problems);
  });

  it("refuses what JSON cannot hold, however it is nested", async () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    expect(await problemsOf(() => stored("schedule", { cycle }))).toEqual(["INVALID_VALUE value.cycle"]);
    expect(await problemsOf(() => stored("schedule", { at: new Date() }))).toEqual([
      "INVALID_VALUE value.at",
    ]);
  });
});

it("takes empty text of a formatted key for no value, as clients write it", () => {
  const card = { cardNumber: "4111", cardExpirationDate: "", cardSecurityCode: "" };
  const made = record("login", { title: "t", custom: [field("paymentCard", card as never)] });
  expect(made.custom[0]?.value).toEqual([{ cardNumber: "4111", cardSecurityCode: "" }]);
});
