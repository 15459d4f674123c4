import { describe, expect, it } from "vitest";
import { isJsonObject, parseJsonObject } from "../../src/encoding/json.ts";

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
