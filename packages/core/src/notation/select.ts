/** Which record, fields, files and values a notation means (ksm-protocol section 17.2 to 17.4). */
import { printable } from "@ksmkit/common";
import { NotationError } from "../errors/errors.ts";
import { nameFields } from "../records/name-fields.ts";
import { recordFinder } from "../records/record-finder.ts";
import type { FileOf, NotationField, NotationRecord } from "./notation-record.ts";
import type { ParsedNotation } from "./parse-notation.ts";

/**
 * Selects the one record with the notation's uid or, when there is none, with exactly its title. Copies of one
 * record (shortcuts) count once, the first of them. The list is indexed when it is searched again.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_RECORD_NOT_FOUND`, `ERR_KSM_NOTATION_RECORD_AMBIGUOUS`.
 */
export function selectRecord<R extends NotationRecord>(records: readonly R[], parsed: ParsedNotation): R {
  const { record: token } = parsed;
  const byUid = findByUid(records, token);
  if (byUid !== undefined) return byUid;
  const [record, ...others] = recordFinder.byTitle(records, token);
  if (record === undefined) throw recordError("no", parsed);
  if (others.every(({ uid }) => uid === record.uid)) return record;
  throw recordError("multiple", parsed);
}

/** Selects the first record whose uid or title the notation names; see {@link selectRecord} for the errors. */
export function selectFirstRecord<R extends NotationRecord>(
  records: readonly R[],
  parsed: ParsedNotation,
): R {
  const record = recordFinder.first(records, parsed.record);
  if (record === undefined) throw recordError("no", parsed);
  return record;
}

/** Finds the first record with the uid. */
export function findByUid<R extends NotationRecord>(records: readonly R[], uid: string): R | undefined {
  return recordFinder.byUid(records, uid);
}

function recordError(count: "no" | "multiple", { record, text }: ParsedNotation): NotationError {
  const code = count === "no" ? "NOT_FOUND" : "AMBIGUOUS";
  return new NotationError(
    `ERR_KSM_NOTATION_RECORD_${code}`,
    printable(`Notation error - ${count} records match record '${record}'`),
    { notation: text },
  );
}

/** Lists the fields whose type or label is exactly the notation's parameter, in order. */
export function matchFields(record: NotationRecord, parsed: ParsedNotation): NotationField[] {
  const fields = (parsed.selector === "field" ? record.fields : record.custom) ?? [];
  const { parameter } = parsed;
  return fields
    .filter((field) => field !== null)
    .filter(({ type, label }) => type === parameter || label === parameter);
}

/** Lists the files whose name, title or uid is exactly the notation's parameter, in order. */
export function matchFiles<R extends NotationRecord>(record: R, parsed: ParsedNotation): FileOf<R>[] {
  const files: readonly FileOf<R>[] = record.files ?? [];
  if (files.length === 0) {
    throw new NotationError(
      "ERR_KSM_NOTATION_FILE_NOT_FOUND",
      `Notation error - Record ${parsed.record} has no file attachments.`,
      { notation: parsed.text },
    );
  }
  const { parameter } = parsed;
  return files.filter((file) => [file.uid, file.name, file.title].includes(parameter));
}

/** Reads a field value as the list that it should be. */
export function valueList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/**
 * Picks the element that the first index names.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_OUT_OF_BOUNDS`.
 */
export function elementAt(values: readonly unknown[], index: string, parsed: ParsedNotation): unknown {
  const at = Number(index);
  if (at < values.length) return values[at];
  throw new NotationError(
    "ERR_KSM_NOTATION_OUT_OF_BOUNDS",
    `Notation error - Field index out of bounds ${index} >= ${values.length} for field ${parsed.parameter}`,
    { notation: parsed.text },
  );
}

/** Makes the error for a search in a record that matched none, or too many. */
export function searchError(
  what: "FIELD" | "FILE",
  count: number,
  parsed: ParsedNotation,
  fields: readonly (NotationField | null)[] = [],
): NotationError {
  const [many, code] = count > 1 ? ["multiple", "AMBIGUOUS" as const] : ["no", "NOT_FOUND" as const];
  const named = fields.filter((field) => field !== null);
  const hint = count === 0 && what === "FIELD" ? nameFields(named, parsed.parameter ?? "") : undefined;
  return new NotationError(
    `ERR_KSM_NOTATION_${what}_${code}`,
    `Notation error - Record ${parsed.record} has ${many} ${what.toLowerCase()}s ` +
      `matching the search criteria '${parsed.parameter}'`,
    { notation: parsed.text, hint },
  );
}
