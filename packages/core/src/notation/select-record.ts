/** Which record a notation means (ksm-protocol section 17.2). */
import { NotationError } from "../errors/errors.ts";
import { hasTitle } from "../records/pick-record.ts";
import type { NotationRecord } from "./notation-record.ts";
import type { ParsedNotation } from "./parse-notation.ts";

/**
 * Selects the one record with the notation's uid or, when there is none, with exactly its title. Copies of one
 * record (shortcuts) count once, the first of them.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_RECORD_NOT_FOUND`, `ERR_KSM_NOTATION_RECORD_AMBIGUOUS`.
 */
export function selectRecord<R extends NotationRecord>(records: readonly R[], parsed: ParsedNotation): R {
  const { record: token, text: notation } = parsed;
  let found: R | undefined;
  for (const record of records) {
    if (record.uid === token) return record;
    if (record.uid === found?.uid || !hasTitle(record, token)) continue;
    if (found) {
      // A record with this uid may still follow; only then is the title not ambiguous.
      return (
        findByUid(records, token) ??
        fail("AMBIGUOUS", `Notation error - multiple records match record '${token}'`, notation)
      );
    }
    found = record;
  }
  return found ?? recordNotFound(parsed);
}

/** Selects the first record whose uid or title the notation names; see {@link selectRecord} for the errors. */
export function selectFirstRecord<R extends NotationRecord>(
  records: readonly R[],
  parsed: ParsedNotation,
): R {
  const { record: token } = parsed;
  return records.find((record) => record.uid === token || hasTitle(record, token)) ?? recordNotFound(parsed);
}

/** Finds the first record with the uid. */
export function findByUid<R extends NotationRecord>(records: readonly R[], uid: string): R | undefined {
  return records.find((record) => record.uid === uid);
}

function recordNotFound(parsed: ParsedNotation): never {
  return fail("NOT_FOUND", `Notation error - no records match record '${parsed.record}'`, parsed.text);
}

function fail(what: "AMBIGUOUS" | "NOT_FOUND", message: string, notation: string): never {
  throw new NotationError(`ERR_KSM_NOTATION_RECORD_${what}`, message, { notation });
}
