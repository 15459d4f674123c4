/** Which records and folders the application sees and may write (ksm-protocol 13.5). */
import { badRequest, accessDenied } from "../vault/refusal.ts";
import type { FolderState, RecordState, ServerState } from "../vault/state.ts";
import { encodeBase64 } from "@ksmkit/common";
import type { Shape } from "../decode/shape.ts";
import { isUid } from "../wire/identifiers.ts";
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

/** A UID chosen by the client: of the right form and not in use by any record, file or folder. */
export function unusedUid(state: ServerState, request: Shape, key: string): string {
  const uid = request.text(key);
  if (!isUid(uid)) throw request.wrong(key, "a UID of 22 base64url characters");
  if (state.records.has(uid) || state.files.has(uid) || state.folders.has(uid)) {
    throw badRequest(`${key} is already in use`);
  }
  return uid;
}

/** A blob of exactly `length` bytes (or at least that with `orMore`), stored as standard base64. */
export function blob(request: Shape, key: string, length: number, orMore = false): string {
  const bytes = request.bytes(key);
  if (orMore ? bytes.length < length : bytes.length !== length) {
    throw request.wrong(key, `a blob of ${orMore ? "at least " : ""}${length} bytes`);
  }
  return encodeBase64(bytes);
}

/** A CBC blob: whole blocks, IV and at least one more. */
export function cbcBlob(request: Shape, key: string): string {
  if (request.bytes(key).length % 16 !== 0) throw request.wrong(key, "a CBC blob");
  return blob(request, key, 32, true);
}
