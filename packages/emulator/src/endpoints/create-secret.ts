/** `create_secret` (ksm-protocol 10.3, 13.5). */
import { gcmOverhead, keyLength } from "../wire/aes.ts";
import { wrappedKeyLength } from "../wire/p256.ts";
import { nextRevision } from "../vault/state.ts";
import { blob, subFolderBelow, unusedUid, writableRoot } from "./access.ts";
import type { Endpoint } from "./endpoint.ts";

/** Stores a new record in a shared folder; the folder-wrapped key comes back later as `recordKey`. */
export const createSecret: Endpoint = (context, request) => {
  const { state } = context;
  const uid = unusedUid(state, request, "recordUid");
  const root = writableRoot(context, request.text("folderUid"));
  const subFolder = subFolderBelow(context, root, request.optionalText("subFolderUid"));
  const ownerKey = blob(request, "recordKey", wrappedKeyLength);
  const recordKey = blob(request, "folderKey", keyLength + gcmOverhead);
  const data = blob(request, "data", gcmOverhead, true);
  state.records.set(uid, {
    uid,
    data,
    revision: nextRevision(state),
    ownerKey,
    placements: [{ folderUid: root.uid, subFolderUid: subFolder?.uid ?? null, recordKey }],
    share: null,
    pending: null,
    files: [],
    links: [],
  });
  context.changed();
  return null;
};
