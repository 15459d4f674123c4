/** `get_folders`, `create_folder`, `update_folder`, `delete_folder` (ksm-protocol 10.2, 10.6, 13.5). */
import { accessDenied } from "../vault/refusal.ts";
import { type FolderState, type ServerState, removeRecord } from "../vault/state.ts";
import { object } from "../schema/validate.ts";
import { blob, cbcBlob, flag, optionalText, text, texts, uid } from "../schema/values.ts";
import { refuseUsedUid, sharedRoot, subFolderBelow, writableRoot } from "./access.ts";
import { defineEndpoint, type Endpoint, type EndpointContext } from "./endpoint.ts";

/** Every shared folder with its whole tree, empty ones included; a parent always precedes its children. */
export const getFolders: Endpoint = (context) => {
  const { state } = context;
  const children = new Map<string | null, FolderState[]>();
  for (const folder of state.folders.values()) {
    if (sharedRoot(state, folder.root) === undefined) continue;
    const siblings = children.get(folder.parent);
    if (siblings === undefined) children.set(folder.parent, [folder]);
    else siblings.push(folder);
  }
  const ordered = [...(children.get(null) ?? [])];
  // The array grows while it is walked; each folder has one parent, so each is added once.
  for (const folder of ordered) ordered.push(...(children.get(folder.uid) ?? []));
  return {
    appData: null,
    encryptedAppKey: null,
    appOwnerPublicKey: null,
    folders:
      ordered.length === 0
        ? null
        : ordered.map((folder) => viewFolder(folder, context.readOnly, state.folders)),
    records: null,
    expiresOn: context.client.accessExpiresAt,
    warnings: null,
    extra: null,
  };
};

function viewFolder(
  folder: FolderState,
  readOnly: boolean,
  folders: ReadonlyMap<string, FolderState>,
): object {
  const { uid, folderKey, data, parent, root } = folder;
  const isEditable = !readOnly && folders.get(root)?.editable === true;
  return { folderUid: uid, folderKey, data, parent, isEditable, records: null };
}

/** Length of a 32-byte key as a CBC blob. */
const wrappedFolderKeyLength = 64;

const creation = object({
  folderUid: uid,
  sharedFolderUid: text,
  parentUid: optionalText,
  sharedFolderKey: blob(wrappedFolderKeyLength),
  data: cbcBlob,
});

/** Stores a sub-folder; key and data come back later as sent. */
export const createFolder: Endpoint = defineEndpoint(creation, (context, request) => {
  const { state } = context;
  const { folderUid, sharedFolderKey: folderKey, data } = request;
  refuseUsedUid(state, "folderUid", folderUid);
  const root = writableRoot(context, request.sharedFolderUid);
  const parent = subFolderBelow(context, root, request.parentUid) ?? root;
  const place = { uid: folderUid, parent: parent.uid, root: root.uid };
  state.folders.set(folderUid, { ...place, folderKey, data, shared: false, editable: true });
  context.changed();
  return null;
});

/** Replaces a folder's sealed name. */
export const updateFolder: Endpoint = defineEndpoint(
  object({ folderUid: text, data: cbcBlob }),
  (context, { folderUid, data }) => {
    const folder = context.state.folders.get(folderUid);
    if (folder === undefined) throw accessDenied("The folder is not shared to the application");
    writableRoot(context, folder.root);
    folder.data = data;
    context.changed();
    return null;
  },
);

/** Deletes sub-folders one by one; what cannot be deleted is reported beside the rest, at status 200. */
export const deleteFolder: Endpoint = defineEndpoint(
  object({ folderUids: texts, forceDeletion: flag }),
  (context, { folderUids, forceDeletion }) => ({
    folders: folderUids.map((folderUid) => deleteOne(context, folderUid, forceDeletion)),
  }),
);

function deleteOne(context: EndpointContext, folderUid: string, force: boolean): object {
  const item = (responseCode: string, errorMessage: string): object => ({
    folderUid,
    responseCode,
    errorMessage,
  });
  const { state } = context;
  const folder = state.folders.get(folderUid);
  const root = folder === undefined ? undefined : sharedRoot(state, folder.root);
  // An unknown folder is as good as deleted; the service reports no error for it.
  if (folder === undefined || root === undefined) return item("ok", "");
  if (folder.parent === null) return item("access_denied", "A shared folder cannot be deleted");
  if (context.readOnly || !root.editable) return item("access_denied", "The folder is read-only");
  const tree = treeOf(state, folder);
  if (!force && (tree.size > 1 || holdsRecords(state, tree))) {
    return item("not_empty", "The folder is not empty");
  }
  removeTree(state, tree);
  context.changed();
  return item("ok", "");
}

/** The folder and everything below it. A set grows while it is walked, and holds each folder once. */
function treeOf(state: ServerState, top: FolderState): Set<string> {
  const tree = new Set([top.uid]);
  for (const uid of tree) {
    for (const folder of state.folders.values()) if (folder.parent === uid) tree.add(folder.uid);
  }
  return tree;
}

function holdsRecords(state: ServerState, tree: ReadonlySet<string>): boolean {
  for (const { placements } of state.records.values()) {
    if (placements.some(({ subFolderUid }) => subFolderUid !== null && tree.has(subFolderUid))) return true;
  }
  return false;
}

/** Takes the records out of the folders; those that are nowhere else go with them. */
function removeTree(state: ServerState, tree: ReadonlySet<string>): void {
  // Deleting the entry that a map's iterator stands on is well defined.
  for (const record of state.records.values()) {
    const kept = record.placements.filter(
      ({ subFolderUid }) => subFolderUid === null || !tree.has(subFolderUid),
    );
    if (kept.length === record.placements.length) continue;
    record.placements = kept;
    if (kept.length === 0 && record.share === null) removeRecord(state, record);
  }
  for (const uid of tree) state.folders.delete(uid);
}
