import { expect, it } from "vitest";
import { backoffMs, namedDelayMs, retryAfterMs } from "../../src/time/backoff.ts";
import { always } from "./simulated-time.ts";

it("own delays grow and are spread as asked", () => {
  const delays = (byte: number, more: object): number[] =>
    [0, 1, 2, 3, 4].map((index) => backoffMs(index, { baseMs: 1000, ...more }, always(byte)));
  expect(delays(0, {})).toEqual([1000, 2000, 4000, 8000, 16_000]);
  expect(delays(128, {})).toEqual([1125, 2251, 4502, 9004, 18_008]);
  expect(delays(0, { spread: [0.25, 0.25] })).toEqual([750, 1500, 3000, 6000, 12_000]);
  expect(delays(255, { spread: [0.25, 0.25] })).toEqual([1250, 2500, 5000, 10_000, 20_000]);
  expect(delays(0, { factor: 1.6, maxMs: 3000 })).toEqual([1000, 1600, 2560, 3000, 3000]);
});

it("a named delay gets longer, never shorter", () => {
  expect([namedDelayMs(300_000, always(0)), namedDelayMs(300_000, always(255))]).toEqual([300_000, 374_999]);
});

it.each([
  ["120", 120_000],
  [" 5 ", 5000],
  ["Tue, 14 Nov 2023 22:13:30 GMT", 10_000],
  ["Tue, 14 Nov 2023 22:13:20 GMT", undefined],
  ["0", undefined],
  ["-1", undefined],
  ["1.5", undefined],
  ["2023-11-14T22:13:30Z", undefined],
  ["soon", undefined],
  ["", undefined],
  [null, undefined],
  [undefined, undefined],
])("Retry-After %s: %s", (header, ms) => {
  expect(retryAfterMs(header, () => 1_700_000_000_000)).toBe(ms);
});
