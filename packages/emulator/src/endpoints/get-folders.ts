/** `get_folders`: every shared folder with its whole tree, roots before children (ksm-protocol 10.2, 13.5). */
import type { FolderState } from "../vault/state.ts";
import { sharedRoot } from "./access.ts";
import type { Endpoint } from "./endpoint.ts";

/** Answers all folders, empty ones included; a parent always precedes its children. */
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
      ordered.length === 0 ? null : ordered.map((folder) => view(folder, context.readOnly, state.folders)),
    records: null,
    expiresOn: context.client.accessExpiresAt,
    warnings: null,
    extra: null,
  };
};

function view(folder: FolderState, readOnly: boolean, folders: ReadonlyMap<string, FolderState>): object {
  const { uid, folderKey, data, parent, root } = folder;
  const isEditable = !readOnly && folders.get(root)?.editable === true;
  return { folderUid: uid, folderKey, data, parent, isEditable, records: null };
}
