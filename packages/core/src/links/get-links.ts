/** The links of a record that was read with `links: true` (ksm-protocol section 19). */
import { KsmRecord } from "../records/ksm-record.ts";
import { decodeLinks, type RecordLink } from "./record-link.ts";

/**
 * Gives the record's links to other records and settings, in order; none unless they were requested. Entries
 * without a record uid are left out.
 *
 * @example
 * ```ts
 * const { records } = await manager.getSecrets({ links: true });
 * for (const link of getLinks(records[0])) if (link.isAdminUser()) console.log(link.recordUid);
 * ```
 */
export function getLinks(record: KsmRecord): RecordLink[] {
  return decodeLinks(KsmRecord.stateOf(record).wire.links, KsmRecord.keyOf(record));
}
