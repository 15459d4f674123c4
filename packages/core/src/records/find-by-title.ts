/** Lookup by title: exact and case-sensitive, as every client of the service does it (ksm-protocol 18.3). */
import { RecordError } from "../errors/record-error.ts";
import type { KsmRecord } from "./ksm-record.ts";

/** Finds the records with that title, in order. A lazily fetched record that turns out broken has none. */
export function findByTitle(records: readonly KsmRecord[], title: string): KsmRecord[] {
  return records.filter((record) => hasTitle(record, title));
}

function hasTitle(record: KsmRecord, title: string): boolean {
  try {
    return record.title === title;
  } catch (error) {
    if (error instanceof RecordError && error.code === "ERR_KSM_RECORD_BROKEN") return false;
    throw error;
  }
}
