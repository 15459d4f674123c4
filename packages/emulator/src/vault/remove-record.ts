/** Removal of records together with the files that nothing else holds. */
import type { RecordState, ServerState } from "./state.ts";

/** Removes a record and the files that only it held. */
export function removeRecord(state: ServerState, record: RecordState): void {
  state.records.delete(record.uid);
  dropUnheldFiles(
    state,
    record.files.map(({ fileUid }) => fileUid),
  );
}

/** Forgets those of the files that no record holds any more. */
export function dropUnheldFiles(state: ServerState, fileUids: readonly string[]): void {
  const loose = new Set(fileUids.filter((uid) => state.files.has(uid)));
  if (loose.size === 0) return;
  for (const { files } of state.records.values()) for (const { fileUid } of files) loose.delete(fileUid);
  for (const uid of loose) state.files.delete(uid);
}
