/** `get_secret`: binding and the shared records (ksm-protocol 10.1, 13.4, 13.5). */
import { encodeBase64 } from "@ksmkit/common";
import * as v from "valibot";
import { object } from "../schema/validate.ts";
import { flag, texts } from "../schema/values.ts";
import type { FolderState, RecordState } from "../vault/state.ts";
import { sharedRoot } from "./access.ts";
import { defineEndpoint, type Endpoint, type EndpointContext } from "./endpoint.ts";
import { fileUrl } from "../vault/file-permission.ts";

const schema = object({
  requestedRecords: texts,
  requestedFolders: texts,
  requestLinks: flag,
  publicKey: v.nullish(v.unknown()),
});
type Request = v.InferOutput<typeof schema>;

/** Returns the records that the application sees and the filter names; advances the binding of the client. */
export const getSecret: Endpoint = defineEndpoint(schema, (context, request) => {
  const folders = new Set(request.requestedFolders);
  const sealedAppKey = advanceBinding(context, request);

  const flat: object[] = [];
  const byFolder = new Map<FolderState, object[]>();
  for (const record of selected(context, request.requestedRecords)) {
    if (record.share !== null && folders.size === 0) {
      const { recordKey, editable } = record.share;
      flat.push(viewRecord(context, record, recordKey, editable, null, request.requestLinks));
    }
    for (const place of record.placements) {
      const root = sharedRoot(context.state, place.folderUid);
      if (root === undefined || !passesFolders(folders, place.folderUid, place.subFolderUid)) continue;
      const view = viewRecord(
        context,
        record,
        place.recordKey,
        root.editable,
        place.subFolderUid,
        request.requestLinks,
      );
      const views = byFolder.get(root);
      if (views === undefined) byFolder.set(root, [view]);
      else views.push(view);
    }
  }
  return {
    appData: context.state.application.appData,
    encryptedAppKey: sealedAppKey,
    appOwnerPublicKey: sealedAppKey === null ? null : context.state.application.ownerPublicKey,
    folders: byFolder.size === 0 ? null : [...byFolder].map(([root, records]) => viewRoot(root, records)),
    records: flat.length === 0 ? null : flat,
    expiresOn: context.client.accessExpiresAt,
    warnings: null,
    extra: null,
  };
});

/** Moves the client along the binding states; returns the sealed app key while it is still sent. */
function advanceBinding(context: EndpointContext, request: Request): string | null {
  const { client, enrolKey } = context;
  if (enrolKey !== null) {
    client.publicKey = encodeBase64(enrolKey);
    if (client.lockIp) client.pinnedIp = context.remoteAddress;
    context.changed();
  } else if (client.encryptedAppKey !== null && (request.publicKey ?? undefined) === undefined) {
    client.encryptedAppKey = null;
    context.changed();
  }
  return client.encryptedAppKey;
}

function* selected(context: EndpointContext, requestedUids: readonly string[]): Generator<RecordState> {
  const { records } = context.state;
  if (requestedUids.length === 0) yield* records.values();
  for (const uid of new Set(requestedUids)) {
    const record = records.get(uid);
    if (record !== undefined) yield record;
  }
}

function passesFolders(folders: ReadonlySet<string>, root: string, subFolder: string | null): boolean {
  return folders.size === 0 || folders.has(root) || (subFolder !== null && folders.has(subFolder));
}

function viewRoot(root: FolderState, records: readonly object[]): object {
  const { uid, folderKey, editable } = root;
  return { folderUid: uid, folderKey, data: null, parent: null, isEditable: editable, records };
}

function viewRecord(
  context: EndpointContext,
  record: RecordState,
  recordKey: string,
  isEditable: boolean,
  innerFolderUid: string | null,
  withLinks: boolean,
): object {
  return {
    recordUid: record.uid,
    recordKey,
    data: record.data,
    revision: record.revision,
    isEditable: isEditable && !context.readOnly,
    files: record.files.length === 0 ? null : viewFiles(context, record),
    folderUid: null,
    innerFolderUid,
    ...(withLinks ? { links: record.links } : undefined),
  };
}

function viewFiles(context: EndpointContext, record: RecordState): object[] | null {
  const { state, origin } = context;
  const now = context.clock();
  const views = record.files.flatMap(({ fileUid, fileKey }) => {
    const file = state.files.get(fileUid);
    if (file === undefined || file.content === null) return [];
    const url = fileUrl(state, origin, "content", fileUid, now);
    const thumbnailUrl = file.thumbnail === null ? null : fileUrl(state, origin, "thumbnail", fileUid, now);
    return [{ fileUid, fileKey, data: file.data, url, thumbnailUrl }];
  });
  return views.length === 0 ? null : views;
}
