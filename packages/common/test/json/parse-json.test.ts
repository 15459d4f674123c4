import { describe, expect, it } from "vitest";
import { isJsonObject, parseJson, parseJsonObject } from "../../src/json/parse-json.ts";

describe("parseJsonObject", () => {
  it.each(["", "{", "null", "[]", "[{}]", "1", '"text"', "true", "undefined", "{}x"])(
    "refuses %j",
    (text) => {
      expect(parseJsonObject(text)).toBeNull();
    },
  );

  it.each([
    ["{}", {}],
    ['  {"a": [null]}\n ', { a: [null] }],
  ])("reads %j", (text, value) => {
    expect(parseJsonObject(text)).toEqual(value);
  });

  it("keeps a key named __proto__ as an own key", () => {
    const object = parseJsonObject('{"__proto__": {"x": 1}}') ?? {};
    expect([Object.keys(object), Object.getPrototypeOf(object)]).toEqual([["__proto__"], Object.prototype]);
  });
});

describe("isJsonObject", () => {
  it.each([[null], [undefined], [[]], [0], [""], [() => 1]])("is false for %o", (value) => {
    expect(isJsonObject(value)).toBe(false);
  });
});

const nested = (levels: number, open = "[", close = "]"): string =>
  open.repeat(levels) + close.repeat(levels);

describe("parseJson", () => {
  it("gives the value, or why there is none", () => {
    expect(parseJson("[1]")).toEqual({ value: [1] });
    expect(parseJson("null")).toEqual({ value: null });
    expect(parseJson("{")).toEqual({ fault: "syntax" });
    expect(parseJson(nested(501))).toEqual({ fault: "depth" });
  });

  it.each([
    [500, undefined],
    [501, "depth"],
    [20_000, "depth"],
    [1_000_000, "depth"],
  ])("%i levels: %s", (levels, fault) => {
    expect(parseJson(nested(levels)).fault).toBe(fault);
    expect(parseJson(`{"a":[1,${nested(levels - 2)}],"b":[]}`).fault).toBe(fault);
    const objects = `${'{"a":[1],"b":'.repeat(levels - 2)}[]${"}".repeat(levels - 2)}`;
    expect(parseJson(`[{},${objects}]`).fault).toBe(fault);
  });

  it("counts no bracket within a string", () => {
    expect(
      parseJson(JSON.stringify({ a: '\\"'.repeat(300) + "[".repeat(2000), "{[": "}" })).fault,
    ).toBeUndefined();
    expect(parseJson(`["\\\\",${nested(600)}]`).fault).toBe("depth");
  });

  it("counts levels, not brackets", () => {
    expect(parseJson(`[${Array(5000).fill("[{}]").join()}]`).fault).toBeUndefined();
  });

  it("takes another limit", () => {
    expect(parseJson("[[]]", { maxDepth: 1 })).toEqual({ fault: "depth" });
    expect(parseJson("[[]]", { maxDepth: 2 })).toEqual({ value: [[]] });
    expect(parseJson("[]", { maxDepth: 0 })).toEqual({ fault: "depth" });
  });

  it("takes ten million characters in one string", () => {
    expect(parseJson(`["${"x".repeat(1e7)}",1234567890123456]`).value).toHaveLength(2);
  });
});

it("parseJsonObject refuses an object that nests deeper than 500 levels", () => {
  expect(parseJsonObject(`{"a":${nested(499)}}`)).not.toBeNull();
  expect(parseJsonObject(`{"a":${nested(500)}}`)).toBeNull();
});
