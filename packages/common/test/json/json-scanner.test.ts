import { describe, expect, it } from "vitest";
import { JsonScanner } from "../../src/json/json-scanner.ts";

function tokensOf(text: string): string[] {
  const scanner = new JsonScanner(text);
  const found: string[] = [];
  while (scanner.next() !== "end") found.push(`${scanner.depth} ${scanner.token} ${scanner.literal}`);
  return found;
}

describe("JsonScanner", () => {
  it("finds every kind of token, its depth and how it is written", () => {
    expect(tokensOf(' {"a" : [1.50, -2e+3,true ], "b":{"c":"d","e":null}, "f":false}\n')).toEqual([
      "0 { {",
      '1 name "a"',
      "1 [ [",
      "2 number 1.50",
      "2 number -2e+3",
      "2 true true",
      "1 ] ]",
      '1 name "b"',
      "1 { {",
      '2 name "c"',
      '2 string "d"',
      '2 name "e"',
      "2 null null",
      "1 } }",
      '1 name "f"',
      "1 false false",
      "0 } }",
    ]);
  });

  it.each([
    ['"\\""', ['0 string "\\""']],
    ['"\\\\"', ['0 string "\\\\"']],
    ['["\\\\\\"]",1]', ["0 [ [", '1 string "\\\\\\"]"', "1 number 1", "0 ] ]"]],
    ['["{",":"]', ["0 [ [", '1 string "{"', '1 string ":"', "0 ] ]"]],
    ["12345678901234567890", ["0 number 12345678901234567890"]],
    ["", []],
    [" \t\r\n", []],
  ])("%s", (text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });

  it("stays at the end", () => {
    const scanner = new JsonScanner("1");
    expect([scanner.next(), scanner.next(), scanner.next(), scanner.depth]).toEqual([
      "number",
      "end",
      "end",
      0,
    ]);
  });

  it.each(['"never closed', '"\\', "}}]]", "nul", "tru", '{"a"', "-", "\u0000"])(
    "reaches the end of %j, which is no JSON",
    (text) => {
      expect(tokensOf(text).length).toBeLessThanOrEqual(text.length);
    },
  );

  it("takes strings of ten million characters and a million levels", () => {
    expect(tokensOf(`["${"x".repeat(1e7)}",${"1".repeat(1e6)}]`).map(({ length }) => length)).toEqual([
      5, 10_000_011, 1_000_009, 5,
    ]);
    expect(tokensOf(`"${'\\"'.repeat(1e6)}${"\\\\".repeat(1e6)}"`)).toHaveLength(1);
    const scanner = new JsonScanner("[".repeat(1e6) + "]".repeat(1e6));
    let deepest = 0;
    while (scanner.next() !== "end") deepest = Math.max(deepest, scanner.depth);
    expect(deepest).toBe(1e6 - 1);
  });
});
