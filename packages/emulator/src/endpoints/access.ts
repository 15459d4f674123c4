/** Which records and folders the application sees and may write (ksm-protocol 13.5). */
import { badRequest, accessDenied } from "../vault/refusal.ts";
import type { FolderState, RecordState, ServerState } from "../vault/state.ts";
import type { EndpointContext } from "./endpoint.ts";

/** The root shared folder of that UID, when the application sees it. */
export function sharedRoot(state: ServerState, folderUid: string): FolderState | undefined {
  const folder = state.folders.get(folderUid);
  return folder?.parent === null && folder.shared ? folder : undefined;
}

/** True when the record is shared to the application in any way. */
export function isVisible(state: ServerState, record: RecordState): boolean {
  return record.share !== null || record.placements.some((place) => sharedRoot(state, place.folderUid));
}

/** True when any of the record's shares allows writing. */
export function isEditable(context: EndpointContext, record: RecordState): boolean {
  if (context.readOnly) return false;
  return (
    record.share?.editable === true ||
    record.placements.some((place) => sharedRoot(context.state, place.folderUid)?.editable === true)
  );
}

/** The record named by a member, when the client may change it. */
export function writableRecord(context: EndpointContext, recordUid: string): RecordState {
  const record = context.state.records.get(recordUid);
  if (record === undefined || !isVisible(context.state, record)) {
    throw accessDenied("The record is not shared to the application");
  }
  if (!isEditable(context, record)) throw accessDenied("The record is read-only");
  return record;
}

/** The root shared folder named by a member, when the client may write into it. */
export function writableRoot(context: EndpointContext, folderUid: string): FolderState {
  const root = sharedRoot(context.state, folderUid);
  if (root === undefined) throw accessDenied("The folder is not a shared folder of the application");
  if (context.readOnly || !root.editable) throw accessDenied("The folder is read-only");
  return root;
}

/** The sub-folder named by an optional member; it must lie below `root`. The root itself counts as absent. */
export function subFolderBelow(
  context: EndpointContext,
  root: FolderState,
  folderUid: string | undefined,
): FolderState | null {
  if (folderUid === undefined || folderUid === root.uid) return null;
  const folder = context.state.folders.get(folderUid);
  if (folder?.root !== root.uid) throw accessDenied("The sub-folder is not below the shared folder");
  return folder;
}

/** Refuses a UID that a record, file or folder has already. */
export function refuseUsedUid(state: ServerState, member: string, uid: string): void {
  if (state.records.has(uid) || state.files.has(uid) || state.folders.has(uid)) {
    throw badRequest(`${member} is already in use`);
  }
}
