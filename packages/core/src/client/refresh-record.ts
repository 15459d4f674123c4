/** A save makes the saved object stale: reading it again brings the new revision (ksm-protocol section 10.4). */
import type { JsonObject, WaitOptions } from "@ksmkit/common";
import { KeeperError, RecordError } from "../errors/errors.ts";
import { KsmRecord } from "../records/ksm-record.ts";
import type { ServiceClient } from "./service-client.ts";
import { getSecrets } from "./get-secrets.ts";

/** What a save leaves behind. */
export interface SaveResult {
  /**
   * Why reading the record again failed, when it did. The save stands, but the object still has its old
   * content and revision: read the record before the next save.
   */
  readonly stale?: KeeperError;
}

/** Fails early for a record that the service would refuse to change. */
export function requireEditable(record: KsmRecord): void {
  if (record.isEditable !== false) return;
  throw new RecordError("ERR_KSM_READ_ONLY", `Record ${record.uid} is shared without write access.`, {
    recordUid: record.uid,
  });
}

/** The record JSON, to compare with later; `undefined` for what is no JSON. */
export function snapshotOf(data: JsonObject): string | undefined {
  try {
    return JSON.stringify(data);
  } catch {
    return undefined;
  }
}

/**
 * Brings a record object to the content and revision that are stored now; one request.
 *
 * @param saved the record JSON that was saved: what the caller has changed since then must not be lost
 */
export async function refreshRecord(
  service: ServiceClient,
  record: KsmRecord,
  wait: WaitOptions,
  saved?: string,
): Promise<SaveResult> {
  const { uid, folderUid, innerFolderUid } = record;
  const links = KsmRecord.stateOf(record).wire.links.length > 0;
  try {
    const { records } = await getSecrets(service, {
      ...wait,
      uids: uid,
      links,
      keepDuplicates: true,
      fresh: true,
    });
    const copies = records.filter((copy) => copy.uid === uid);
    const same = copies.find(
      (copy) => copy.folderUid === folderUid && copy.innerFolderUid === innerFolderUid,
    );
    const later = same ?? copies[0];
    if (later === undefined) {
      throw new RecordError("ERR_KSM_RECORD_NOT_FOUND", `Record ${uid} is gone.`, { recordUid: uid });
    }
    if (saved !== undefined && snapshotOf(record.data) !== saved) {
      throw new RecordError(
        "ERR_KSM_RECORD_CHANGED",
        `Record ${uid} was changed while it was being saved. The save stands without these changes: they are in the object, which keeps its old revision. Apply them to the record as it is now, for example with patchRecord.`,
        { recordUid: uid },
      );
    }
    KsmRecord.adopt(record, later);
    return {};
  } catch (error) {
    if (error instanceof KeeperError) return { stale: error };
    throw error;
  }
}
