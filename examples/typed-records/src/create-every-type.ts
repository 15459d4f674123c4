/** Stores one record of every type in a folder of a vault. */
import type { SecretsEditor } from "@ksmkit/core/editor";
import { uid, type RecordData, type RecordUid } from "@ksmkit/helper";
import { makeEverydayRecords } from "./everyday-records.ts";
import { makePamRecords } from "./pam-records.ts";

/** Creates the records one after the other and returns what is stored, by uid. */
export async function createEveryType(
  editor: SecretsEditor,
  folderUid: string,
): Promise<ReadonlyMap<RecordUid, RecordData>> {
  const stored = new Map<RecordUid, RecordData>();
  // Read once: without it every creation would read the folders for their keys.
  const { folders } = await editor.getFolders();
  const keep = async (record: RecordData): Promise<RecordUid> => {
    const made = uid(await editor.createRecord({ folderUid, folders, record }));
    stored.set(made, record);
    return made;
  };
  await makeEverydayRecords(keep);
  await makePamRecords(keep);
  return stored;
}
