/** Text and everything that is stored as text: enumerations, uids, one-time codes (helper.md sections 3.3 and 3.4). */
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { TextFormat } from "../model/value-spec.ts";
import type { Check } from "./plain.ts";

const formats: Readonly<Record<TextFormat, { pattern: RegExp; fault: string }>> = {
  uid: { pattern: /^[A-Za-z0-9_-]{22}$/, fault: "is no uid: 22 letters, digits, dashes or underscores" },
  otpauth: { pattern: /^otpauth:\/\//i, fault: "must be a URI that starts with otpauth://" },
  cardExpiry: { pattern: /^[0-9]{2}\/[0-9]{4}$/, fault: "must be written MM/YYYY" },
};

/** Text as it is; numbers and booleans, which files may hold, in their shortest form. */
export function readText(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return Number.isFinite(value) ? decimalText(value) : undefined;
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return undefined;
  }
}

/** Reads text, or reports that it is none. */
export function checkText(value: unknown, place: Place, problems: Problems): string | undefined {
  return readText(value) ?? problems.add("ERR_HELPER_INVALID_VALUE", place, "must be text");
}

/** Makes the check for a shape of text; without one any text passes. */
export function textCheck(format: TextFormat | undefined): Check {
  if (format === undefined) return checkText;
  const { pattern, fault } = formats[format];
  return (value, place, problems) => {
    const text = checkText(value, place, problems);
    // Clients fill keys that have no value with empty text.
    if (text === "") return undefined;
    if (text === undefined || pattern.test(text)) return text;
    return problems.add("ERR_HELPER_INVALID_FORMAT", place, fault);
  };
}

/** Makes the check for an enumeration: any case is accepted, the listed spelling is stored, empty text means none. */
export function enumCheck(values: readonly string[]): Check {
  const spellings = new Map(values.map((value) => [value.toLowerCase(), value]));
  const offered =
    values.length > 20 ? `one of ${values.length} codes such as ${values[0]}` : values.join(", ");
  return (value, place, problems) => {
    if (value === "") return undefined;
    const found = typeof value === "string" ? spellings.get(value.toLowerCase()) : undefined;
    return found ?? problems.add("ERR_HELPER_INVALID_ENUM", place, `must be ${offered}`);
  };
}

/** Writes a finite number in its shortest decimal form, without an exponent: `1e21` is `1000000000000000000000`. */
export function decimalText(value: number): string {
  const text = String(value);
  const [mantissa = "", exponent] = text.split("e");
  if (exponent === undefined) return text;
  if (Number(exponent) > 0) return BigInt(value).toString();
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d)(?:\.(\d+))?$/.exec(mantissa) ?? [];
  return `${sign}0.${"0".repeat(-Number(exponent) - 1)}${whole}${fraction}`;
}
