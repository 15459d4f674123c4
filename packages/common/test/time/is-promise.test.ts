import { expect, it } from "vitest";
import { isPromise } from "../../src/time/is-promise.ts";

it.each([
  [true, "a promise", Promise.resolve()],
  // oxlint-disable-next-line unicorn/no-thenable -- what is tested
  [true, "what can be awaited like one", { then: () => {} }],
  // oxlint-disable-next-line unicorn/no-thenable -- what is tested
  [false, "an object that only has a member of that name", { then: 1 }],
  [false, "nothing", undefined],
  [false, "null", null],
  [false, "text", "then"],
])("isPromise is %s for %s", (expected, _what, value) => {
  expect(isPromise(value)).toBe(expected);
});
