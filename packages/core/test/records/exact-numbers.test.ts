import { expect, it } from "vitest";
import { findExactNumbers } from "../../src/records/open-records.ts";
import { paddedJson } from "../../src/records/seal-json.ts";

it.each([
  ['{"x":12345678901234567890}', [[12345678901234567000, "12345678901234567890"]]],
  ['{"x":-9007199254740993}', [[-9007199254740992, "-9007199254740993"]]],
  [
    '[9007199254740993,"9007199254740995",1.234567890123456789,1e1234567890123456]',
    [
      [9007199254740992, "9007199254740993"],
      [Number("1.234567890123456789"), "1.234567890123456789"],
      [Infinity, "1e1234567890123456"],
    ],
  ],
  [
    '{"a":1e400,"b":-1E400}',
    [
      [Infinity, "1e400"],
      [-Infinity, "-1E400"],
    ],
  ],
  ['{"a":12345678901234567890e0}', [[Number("12345678901234567890"), "12345678901234567890e0"]]],
  ['{"a":0.12345678901234568,"b":9007199254740992,"c":1e5}', undefined],
  ['{"a":9007199254740992,"b":9007199254740993}', [[9007199254740992, null]]],
  ['{"text":"\\"12345678901234567890","card":"4111111111111111"}', undefined],
  ['{"revision":1700000000000}', undefined],
])("%s", (json, expected) => {
  const found = findExactNumbers(json);
  expect(found && Array.from(found)).toEqual(expected);
});

it("writes them back as they were, among others that JavaScript holds", () => {
  const json = '{"a":1e400,"b":[0.1234567890123456789012,1.5],"c":"1e400","d":12345678901234567890}';
  const sealed = new TextDecoder().decode(paddedJson(JSON.parse(json), findExactNumbers(json)));
  expect(sealed.trimEnd()).toBe(json);
});
