/** The list-returning evaluation, `getNotationResults` (ksm-protocol section 17.3). */
import { isJsonObject, printable } from "@ksmkit/common";
import { NotationError, RecordError } from "../errors/errors.ts";
import type { FileOf, NotationRecord } from "./notation-record.ts";
import type { ParsedNotation } from "./parse-notation.ts";
import { elementAt, matchFields, matchFiles, searchError, valueList } from "./select.ts";

/** What a notation yields: texts, or the file whose content has to be fetched. */
export type StrictResult<R extends NotationRecord = NotationRecord> =
  | { readonly values: string[]; readonly file?: undefined }
  | { readonly values?: undefined; readonly file: FileOf<R> };

/**
 * Evaluates a notation on its record. Exactly one field or file must match; texts are returned as they are,
 * anything else as compact JSON. A property that an element lacks is left out, so the list may be empty.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_FIELD_NOT_FOUND`, `…_FIELD_AMBIGUOUS`, `…_FILE_NOT_FOUND`,
 *   `…_FILE_AMBIGUOUS`, `…_OUT_OF_BOUNDS`.
 * @example
 * ```ts
 * evaluateStrict(record, parseNotation("My Record/field/url")); // { values: ["https://example.com"] }
 * ```
 */
export function evaluateStrict<R extends NotationRecord>(record: R, parsed: ParsedNotation): StrictResult<R> {
  const { selector, parameter, index1, index2 } = parsed;
  if (selector === "file") {
    const matches = matchFiles(record, parsed);
    // A uid is the only name that cannot be shared, so it wins over equal names and titles.
    const byUid = matches.filter((file) => file.uid === parameter);
    const [file, ...others] = byUid.length > 0 ? byUid.slice(0, 1) : matches;
    if (!file || others.length > 0) throw searchError("FILE", matches.length, parsed);
    return { file };
  }
  if (selector !== "field" && selector !== "custom_field") {
    return { values: valueList(record[selector]).map(textOf) };
  }

  const [field, ...others] = matchFields(record, parsed);
  if (!field) {
    throw searchError("FIELD", 0, parsed, (selector === "field" ? record.fields : record.custom) ?? []);
  }
  if (others.length > 0) throw searchError("FIELD", others.length + 1, parsed);
  const all = valueList(field.value);
  const picked = index1 ? [elementAt(all, index1, parsed)] : all;
  if (!index2) return { values: picked.map(textOf) };
  return { values: picked.flatMap((element) => property(element, index2).map(textOf)) };
}

/**
 * Returns the first text of a notation.
 *
 * @throws {@link RecordError} `ERR_KSM_FIELD_EMPTY` without a value; {@link NotationError}
 *   `ERR_KSM_NOTATION_OUT_OF_BOUNDS` when no value has the property
 */
export function firstText(
  { uid }: NotationRecord,
  parsed: ParsedNotation,
  values: readonly string[],
): string {
  const [value] = values;
  if (value !== undefined) return value;
  const { selector, parameter, index2, text } = parsed;
  if (index2) {
    const message = `Notation error - Field ${parameter} has no property '${index2}'`;
    throw new NotationError("ERR_KSM_NOTATION_OUT_OF_BOUNDS", printable(message), { notation: text });
  }
  const what = parameter === undefined ? selector : `${selector} "${parameter}"`;
  throw new RecordError("ERR_KSM_FIELD_EMPTY", printable(`Record ${uid}: ${what} has no value.`), {
    recordUid: uid,
  });
}

/** The element's own property as a list of one; empty when the element is no object or lacks it. */
function property(element: unknown, name: string): unknown[] {
  return isJsonObject(element) && Object.hasOwn(element, name) ? [element[name]] : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
}
