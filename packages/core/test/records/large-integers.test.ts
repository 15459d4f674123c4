import { expect, it } from "vitest";
import { findLargeIntegers } from "../../src/records/open-records.ts";

it.each([
  ['{"x":12345678901234567890}', [[12345678901234567000, "12345678901234567890"]]],
  ['{"x":-9007199254740993}', [[-9007199254740992, "-9007199254740993"]]],
  [
    '[9007199254740993,"9007199254740995",1.234567890123456789,1e1234567890123456]',
    [[9007199254740992, "9007199254740993"]],
  ],
  ['{"a":9007199254740992,"b":9007199254740993}', [[9007199254740992, null]]],
  ['{"text":"\\"12345678901234567890","card":"4111111111111111"}', undefined],
  ['{"revision":1700000000000}', undefined],
])("%s", (json, expected) => {
  const found = findLargeIntegers(json);
  expect(found && Array.from(found)).toEqual(expected);
});
