/** One record out of what was read: by uid, or by title, exact and case-sensitive (ksm-protocol section 18.3). */
import { printable } from "@ksmkit/common";
import { ArgumentError, RecordError } from "../errors/errors.ts";
import type { KsmRecord } from "./ksm-record.ts";
import type { Problem } from "./problem.ts";
import { recordFinder } from "./record-finder.ts";

/** The part of a read's result that a look-up needs. */
export interface ReadRecords {
  readonly records: readonly KsmRecord[];
  readonly problems: readonly Problem[];
}

/**
 * Checks a uid before it is asked for: no uid would ask for everything.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function checkRecordUid(recordUid: string): void {
  if (typeof recordUid === "string" && recordUid !== "") return;
  throw new ArgumentError("The uid of the record must be text that is not empty.");
}

/**
 * Finds a record by its uid.
 *
 * @throws {@link RecordError} `ERR_KSM_RECORD_NOT_FOUND`, `ERR_KSM_RECORD_BROKEN`
 */
export function pickRecord({ records, problems }: ReadRecords, recordUid: string): KsmRecord {
  const record = recordFinder.byUid(records, recordUid);
  if (record !== undefined) return record;
  const broken = problems.find(({ kind, uid }) => kind === "record" && uid === recordUid);
  throw broken === undefined
    ? new RecordError(
        "ERR_KSM_RECORD_NOT_FOUND",
        `No record ${printable(recordUid)} is shared to this application.`,
        {
          recordUid,
        },
      )
    : new RecordError("ERR_KSM_RECORD_BROKEN", broken.message, { recordUid });
}

/**
 * Finds the one record with exactly that title.
 *
 * @throws {@link RecordError} `ERR_KSM_RECORD_NOT_FOUND`, `ERR_KSM_RECORD_AMBIGUOUS`
 */
export function pickRecordByTitle({ records }: Pick<ReadRecords, "records">, title: string): KsmRecord {
  const found = findByTitle(records, title);
  const [record, another] = found;
  if (record === undefined)
    throw new RecordError("ERR_KSM_RECORD_NOT_FOUND", `No record has the title "${printable(title)}".`);
  if (another === undefined) return record;
  const message = `${found.length} records have the title "${printable(title)}"; read one by its uid.`;
  throw new RecordError("ERR_KSM_RECORD_AMBIGUOUS", message);
}

/** Finds the records with that title, in order. A lazily fetched record that turns out broken has none. */
export function findByTitle(records: readonly KsmRecord[], title: string): KsmRecord[] {
  return recordFinder.byTitle(records, title);
}
