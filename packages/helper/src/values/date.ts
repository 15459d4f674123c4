/** Dates as they are stored: epoch milliseconds (helper.md section 8; vectors `date-*`). */
import { helperError } from "../errors/problems.ts";
import type { DateInput } from "../model/inputs.ts";

const digitsOnly = /^[+-]?[0-9]+$/;
const day = /([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})(?=[T ])/.source;
const fraction = /(?:[.,]([0-9]+))?/.source;
const time = `([0-9]{2})(?::([0-9]{2})(?::([0-9]{1,2})${fraction})?)?|([0-9]{2})([0-9]{2})(?:([0-9]{2})${fraction})?`;
const zone = /Z|[+-][0-9]{2}(?::?[0-9]{2})?/.source;
const moment = new RegExp(`^(?:${day})(?:[T ](?:${time})(${zone})?)?$`);
const month = /^([0-9]{4})-([0-9]{1,2})$/;

/** What is wrong with a date. */
export type DateFault = "ERR_HELPER_INVALID_DATE" | "ERR_HELPER_AMBIGUOUS_DATE";

/**
 * Converts a moment to epoch milliseconds. Text without an offset is UTC; fractions below a millisecond are cut off.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_INVALID_DATE`, or `ERR_HELPER_AMBIGUOUS_DATE` for text of exactly four
 *   or eight digits.
 * @example
 * ```ts
 * toEpochMilliseconds("2021-07-01T12:00:00+06:00"); // 1625119200000
 * ```
 */
export function toEpochMilliseconds(value: DateInput): number {
  const result = readDate(value);
  if (typeof result === "number") return result;
  throw helperError(result, dateFaultText(result));
}

/** Converts a moment, or says what is wrong with it. */
export function readDate(value: unknown): number | DateFault {
  const invalid = "ERR_HELPER_INVALID_DATE";
  if (typeof value === "number" || value instanceof Date) {
    const milliseconds = Math.trunc(Number(value));
    // Adding zero turns -0, which JSON would not keep, into 0.
    return Number.isSafeInteger(milliseconds) ? milliseconds + 0 : invalid;
  }
  if (typeof value !== "string") return invalid;
  if (digitsOnly.test(value)) {
    if (/^(?:....){1,2}$/.test(value) && !/^[+-]/.test(value)) return "ERR_HELPER_AMBIGUOUS_DATE";
    return Number.isSafeInteger(Number(value)) ? Number(value) + 0 : invalid;
  }
  return readMonth(value) ?? readMoment(value) ?? invalid;
}

/** The message that goes with a fault. */
export function dateFaultText(fault: DateFault): string {
  return fault === "ERR_HELPER_INVALID_DATE"
    ? "is no date: use epoch milliseconds, 2030-01-31, or 2030-01-31T09:00:00+02:00"
    : "could be a year, a day or milliseconds: write the date with dashes";
}

function readMonth(text: string): number | undefined {
  const [, years, months] = month.exec(text) ?? [];
  return years === undefined ? undefined : utc([Number(years), Number(months), 1], [0, 0, 0, 0]);
}

function readMoment(text: string): number | undefined {
  const match = moment.exec(text);
  if (!match) return undefined;
  const [, y1, m1, d1, y2, m2, d2, h3, n3, s3, f3, h4, n4, s4, f4, zone = "Z"] = match;
  const fraction = f3 ?? f4 ?? "";
  const start = utc(
    [Number(y1 ?? y2), Number(m1 ?? m2), Number(d1 ?? d2)],
    [
      Number(h3 ?? h4 ?? 0),
      Number(n3 ?? n4 ?? 0),
      Number(s3 ?? s4 ?? 0),
      Number(fraction.slice(0, 3).padEnd(3, "0")),
    ],
  );
  const shift = offsetMilliseconds(zone);
  return start === undefined || shift === undefined ? undefined : start - shift;
}

function offsetMilliseconds(zone: string): number | undefined {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", ""));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function utc(
  [year, month, day]: [number, number, number],
  [hours, minutes, seconds, milliseconds]: [number, number, number, number],
): number | undefined {
  if (hours > 23 || minutes > 59 || seconds > 59 || year < 1) return undefined;
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hours, minutes, seconds, milliseconds);
}
