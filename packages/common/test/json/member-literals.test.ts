import { describe, expect, it } from "vitest";
import { compactJson, memberLiterals } from "../../src/json/member-literals.ts";

describe("memberLiterals", () => {
  it("keeps how each value is written", () => {
    const text =
      '{"host":"db","port":5432,"rate":1.50,"big":12345678901234567890,"exp":1e3,"on":true,"none":null,"list":[1, {"a":"]"}],"nested":{"port":1}}';
    expect(Object.fromEntries(memberLiterals(text) ?? [])).toEqual({
      host: '"db"',
      port: "5432",
      rate: "1.50",
      big: "12345678901234567890",
      exp: "1e3",
      on: "true",
      none: "null",
      list: '[1, {"a":"]"}]',
      nested: '{"port":1}',
    });
  });

  it("keeps the order, the last of two, and every name", () => {
    const text = '{"b":1,"__proto__":2,"\\u0061":3,"1":4,"b":5,"constructor":6}';
    expect(Array.from(memberLiterals(text) ?? [])).toEqual([
      ["b", "5"],
      ["__proto__", "2"],
      ["a", "3"],
      ["1", "4"],
      ["constructor", "6"],
    ]);
  });

  it("has none for an empty object", () => {
    expect(memberLiterals(" {} ")?.size).toBe(0);
  });

  it.each([
    "",
    "[]",
    "null",
    '"{}"',
    "1",
    '{"a":1',
    '{"a":1}x',
    `{"a":${"[".repeat(600)}${"]".repeat(600)}}`,
  ])("is null for %.20j", (text) => {
    expect(memberLiterals(text)).toBeNull();
  });
});

describe("compactJson", () => {
  it.each([
    [' { "a b" : [ 1.50 ,\n\t"x  y" ] , "c" : { } } ', '{"a b":[1.50,"x  y"],"c":{}}'],
    ["12345678901234567890 ", "12345678901234567890"],
    ['"a \\" b"', '"a \\" b"'],
  ])("%j becomes %j", (text, compact) => {
    expect(compactJson(text)).toBe(compact);
  });
});
