import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toEpochMilliseconds } from "../../src/index.ts";
import { failureOf } from "../support/failure.ts";

describe("toEpochMilliseconds", () => {
  it.each<[string | number | Date, number]>([
    [new Date(5), 5],
    [1.9, 1],
    [-1.9, -1],
    [-0.5, 0],
    ["+5", 5],
    ["-2021", -2021],
    ["0001-01-01", -62_135_596_800_000],
    ["9999-12-31T23:59:59.999Z", 253_402_300_799_999],
    ["2021-07-01 12", 1_625_140_800_000],
    ["20210701 1200", 1_625_140_800_000],
    ["2021-07-01T12:00:00,9999-0030", 1_625_142_600_999],
    ["2000-02-29", 951_782_400_000],
  ])("takes %s", (input, milliseconds) => {
    expect(Object.is(toEpochMilliseconds(input), milliseconds)).toBe(true);
  });

  it("reads what Date writes, in any offset", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true }),
        fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 }),
        (date, offset) => {
          expect(toEpochMilliseconds(date.toISOString())).toBe(date.getTime());
          const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
          const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
          const zone = `${offset < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
          if (local.length === 23) expect(toEpochMilliseconds(local + zone)).toBe(date.getTime());
        },
      ),
    );
  });

  it.each(["2021", "0000", "20210701", "99999999"])("finds %s ambiguous", async (text) => {
    expect((await failureOf(() => toEpochMilliseconds(text))).code).toBe("ERR_HELPER_AMBIGUOUS_DATE");
  });

  it.each<[unknown]>([
    [""],
    ["tomorrow"],
    ["2021-02-29"],
    ["2021-00-01"],
    ["2021-01-00"],
    ["0000-01-01"],
    ["2021-1-1T1:00"],
    ["2021-07-01t12:00z"],
    ["2021-07-01T12:00:60"],
    ["2021-07-01T12:60"],
    ["2021-07-01T12:3456"],
    ["2021-07-01T12:00+24:00"],
    ["2021-07-01T12:00+00:60"],
    ["2021-07-01T12:00+1"],
    ["2021-07-01T12:00.5"],
    ["2021-07-01  12:00"],
    ["2021-07-01T"],
    ["2021-07-01Z"],
    ["2021-07-01\n"],
    ["2021-13"],
    ["12345678901234567890"],
    ["1e3"],
    [Number.NaN],
    [Infinity],
    [1e300],
    [new Date(Number.NaN)],
    [true],
    [null],
    [{}],
  ])("refuses %j", async (input) => {
    const error = await failureOf(() => toEpochMilliseconds(input as string));
    expect(error.code).toBe("ERR_HELPER_INVALID_DATE");
    expect(error.problems).toHaveLength(1);
  });
});
