/**
 * The single-value evaluation of the vendor's older calls, in either dialect: `get_notation` of the Python SDK and
 * `getValue` of the JavaScript SDK (ksm-protocol section 17.4; deviations in docs/decisions/0003-notation-legacy.md).
 */
import { isJsonObject } from "@ksmkit/common";
import { NotationError } from "../errors/errors.ts";
import { evaluateStrict } from "./evaluate-strict.ts";
import type { NotationField, NotationRecord } from "./notation-record.ts";
import { NotationScanner } from "./notation-scanner.ts";
import type { ParsedNotation } from "./parse-notation.ts";
import { elementAt, matchFields, matchFiles, searchError, valueList } from "./select.ts";

/** Whose older call is followed. */
export type NotationDialect = "python" | "javascript";

/** Options of {@link evaluateLegacy}. */
export interface DialectOptions {
  /** Default: `python`. */
  dialect?: NotationDialect | undefined;
}

/**
 * Evaluates a notation on its record to one value of any type: the first value of the field unless an index says
 * otherwise; the file itself for `file`.
 *
 * @returns the value; `undefined` when the field is empty. For a missing type, title or notes `undefined`, in the
 *   JavaScript dialect `""`; there, `undefined` too when the first value lacks the property of `[name]`.
 * @throws {@link NotationError} as {@link evaluateStrict} does, except that several matching fields are none; in the
 *   JavaScript dialect, nor are several files.
 */
export function evaluateLegacy(
  record: NotationRecord,
  parsed: ParsedNotation,
  { dialect = "python" }: DialectOptions = {},
): unknown {
  checkLegacyNotation(parsed, dialect);
  const { selector } = parsed;
  if (selector === "file") {
    if (dialect === "python") return evaluateStrict(record, parsed).file;
    const [file] = matchFiles(record, parsed);
    if (file === undefined) throw searchError("FILE", 0, parsed);
    return file;
  }
  if (selector !== "field" && selector !== "custom_field")
    return record[selector] ?? (dialect === "python" ? undefined : "");
  return legacyValue(legacyField(record, parsed, dialect).value, parsed, dialect);
}

/** Selects the first field with the notation's type or label; in Python's dialect labels first, then types in any case. */
export function legacyField(
  record: NotationRecord,
  parsed: ParsedNotation,
  dialect: NotationDialect,
): NotationField {
  const { parameter = "" } = parsed;
  const fields = (parsed.selector === "field" ? record.fields : record.custom) ?? [];
  const found =
    dialect === "javascript"
      ? matchFields(record, parsed)[0]
      : (fields.find((field) => field?.label === parameter) ??
        fields.find(
          (field) => typeof field?.type === "string" && field.type.toLowerCase() === parameter.toLowerCase(),
        ));
  if (!found) throw searchError("FIELD", 0, parsed, fields);
  return found;
}

/** Applies the notation's indexes to a field value. */
export function legacyValue(value: unknown, parsed: ParsedNotation, dialect: NotationDialect): unknown {
  const { index1, index2 } = parsed;
  const values = valueList(value);
  if (index1 === "" && !index2) return value ?? [];
  if (dialect === "python" && values.length === 0) return undefined;
  const element = index1 ? elementAt(values, index1, parsed) : values[0];
  if (!index2) return element;
  if (dialect === "python") {
    if (isJsonObject(element) && Object.hasOwn(element, index2)) return element[index2];
    throw noProperty(parsed);
  }
  // Own properties of texts (`length`) are readable without an index only, as in the original.
  const readable = element !== undefined && element !== null && (!index1 || typeof element === "object");
  const own = readable ? Object.getOwnPropertyDescriptor(element, index2) : undefined;
  if (own || (readable && !index1)) return own?.value;
  throw noProperty(parsed);
}

function noProperty({ index2, text }: ParsedNotation): NotationError {
  const message = `Notation error - value object has no property '${index2}'`;
  return new NotationError("ERR_KSM_NOTATION_OUT_OF_BOUNDS", message, { notation: text });
}

/**
 * Refuses what the lenient grammar lets pass: `[name][…]`; in Python's dialect also a second index that is empty or a
 * number, and selectors with parameters in capitals. Nothing needs to be fetched to know.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_INVALID`.
 */
export function checkLegacyNotation(parsed: ParsedNotation, dialect: NotationDialect): void {
  const { index1 = "", index2, selector, parameter, text } = parsed;
  const fail = (message: string): never => {
    throw new NotationError("ERR_KSM_NOTATION_INVALID", message, { notation: text });
  };
  if (!/^\d*$/.test(index1)) fail("Notation error - Invalid field index, not a number.");
  if (dialect === "javascript") return;
  if (index2 !== undefined && /^\d*$/.test(index2))
    fail("Notation error - The second index must be the name of a property.");
  if (parameter !== undefined && selectorAsWritten(text) !== selector)
    fail(`Notation error - The selector must be written ${selector}.`);
}

function selectorAsWritten(notation: string): string {
  const scanner = new NotationScanner(notation);
  scanner.readText("/");
  scanner.skip();
  return scanner.readSelector();
}
