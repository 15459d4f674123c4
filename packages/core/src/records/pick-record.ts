/** One record out of what was read: by uid, or by title, exact and case-sensitive (ksm-protocol section 18.3). */
import { ArgumentError, RecordError } from "../errors/errors.ts";
import type { KsmRecord } from "./ksm-record.ts";
import type { Problem } from "./problem.ts";

/** What was read, as far as it matters here. */
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
 * Finds a record by its uid, or tells why it is not there.
 *
 * @throws {@link RecordError} `ERR_KSM_RECORD_NOT_FOUND`, `ERR_KSM_RECORD_BROKEN`
 */
export function pickRecord({ records, problems }: ReadRecords, recordUid: string): KsmRecord {
  const record = records.find(({ uid }) => uid === recordUid);
  if (record !== undefined) return record;
  const broken = problems.find(({ kind, uid }) => kind === "record" && uid === recordUid);
  throw broken === undefined
    ? new RecordError("ERR_KSM_RECORD_NOT_FOUND", `No record ${recordUid} is shared to this application.`, {
        recordUid,
      })
    : new RecordError("ERR_KSM_RECORD_BROKEN", broken.message, { recordUid });
}

/** Finds the records with that title, in order. A lazily fetched record that turns out broken has none. */
export function findByTitle(records: readonly KsmRecord[], title: string): KsmRecord[] {
  return records.filter((record) => hasTitle(record, title));
}

/** Whether a record has exactly that title. */
export function hasTitle(record: { readonly title?: string | null | undefined }, title: string): boolean {
  try {
    return record.title === title;
  } catch (error) {
    if (error instanceof RecordError && error.code === "ERR_KSM_RECORD_BROKEN") return false;
    throw error;
  }
}
