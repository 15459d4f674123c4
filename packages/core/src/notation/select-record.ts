/** Which record a notation means (ksm-protocol section 17.2). */
import { printable } from "@ksmkit/common";
import { NotationError } from "../errors/errors.ts";
import { recordFinder } from "../records/record-finder.ts";
import type { NotationRecord } from "./notation-record.ts";
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
  if (record === undefined) throw searchError("no", parsed);
  if (others.every(({ uid }) => uid === record.uid)) return record;
  throw searchError("multiple", parsed);
}

/** Selects the first record whose uid or title the notation names; see {@link selectRecord} for the errors. */
export function selectFirstRecord<R extends NotationRecord>(
  records: readonly R[],
  parsed: ParsedNotation,
): R {
  const record = recordFinder.first(records, parsed.record);
  if (record === undefined) throw searchError("no", parsed);
  return record;
}

/** Finds the first record with the uid. */
export function findByUid<R extends NotationRecord>(records: readonly R[], uid: string): R | undefined {
  return recordFinder.byUid(records, uid);
}

function searchError(count: "no" | "multiple", { record, text }: ParsedNotation): NotationError {
  const code = count === "no" ? "NOT_FOUND" : "AMBIGUOUS";
  return new NotationError(
    `ERR_KSM_NOTATION_RECORD_${code}`,
    printable(`Notation error - ${count} records match record '${record}'`),
    { notation: text },
  );
}
