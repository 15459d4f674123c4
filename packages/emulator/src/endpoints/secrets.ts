/** `create_secret`, `update_secret` with its transactions, `delete_secret` (ksm-protocol 10.3 to 10.5, 13.5). */
import * as v from "valibot";
import { object } from "../schema/validate.ts";
import { blob, integer, longBlob, optionalText, text, texts, uid, word } from "../schema/values.ts";
import { badRequest, outOfSync } from "../vault/refusal.ts";
import {
  dropUnheldFiles,
  nextRevision,
  type RecordState,
  removeRecord,
  type ServerState,
} from "../vault/state.ts";
import { gcmOverhead, keyLength } from "../wire/aes.ts";
import { wrappedKeyLength } from "../wire/p256.ts";
import {
  isEditable,
  isVisible,
  refuseUsedUid,
  subFolderBelow,
  writableRecord,
  writableRoot,
} from "./access.ts";
import { defineEndpoint, type Endpoint, type EndpointContext } from "./endpoint.ts";

const creation = object({
  recordUid: uid,
  folderUid: text,
  subFolderUid: optionalText,
  recordKey: blob(wrappedKeyLength),
  folderKey: blob(keyLength + gcmOverhead),
  data: longBlob(gcmOverhead),
});

/** Stores a new record in a shared folder; the folder-wrapped key comes back later as `recordKey`. */
export const createSecret: Endpoint = defineEndpoint(creation, (context, request) => {
  const { state } = context;
  const { recordUid, data, recordKey: ownerKey, folderKey } = request;
  refuseUsedUid(state, "recordUid", recordUid);
  const root = writableRoot(context, request.folderUid);
  const subFolder = subFolderBelow(context, root, request.subFolderUid);
  state.records.set(recordUid, {
    uid: recordUid,
    data,
    revision: nextRevision(state),
    ownerKey,
    placements: [{ folderUid: root.uid, subFolderUid: subFolder?.uid ?? null, recordKey: folderKey }],
    share: null,
    pending: null,
    files: [],
    links: [],
  });
  context.changed();
  return null;
});

const update = object({
  recordUid: text,
  revision: integer(),
  data: longBlob(gcmOverhead),
  transactionType: v.nullish(word(["general", "rotation", "none"]), "none"),
  links2Remove: texts,
});

/** Replaces a record's data at once, or keeps it for later when the request has a transaction type. */
export const updateSecret: Endpoint = defineEndpoint(update, (context, request) => {
  const { revision, data, transactionType } = request;
  const record = writableRecord(context, request.recordUid);
  if (revision !== record.revision) throw outOfSync();
  // The service ignores removals in a general transaction.
  const detach = transactionType === "general" ? [] : request.links2Remove;
  if (transactionType === "none") commit(context.state, record, data, detach);
  else record.pending = { data, detach };
  context.changed();
  return null;
});

const transactionEnd = object({ recordUid: text });

/** Commits the pending data of a record. */
export const finalizeSecretUpdate: Endpoint = defineEndpoint(transactionEnd, (context, { recordUid }) => {
  const record = writableRecord(context, recordUid);
  if (record.pending === null) throw badRequest("The record has no open transaction");
  commit(context.state, record, record.pending.data, record.pending.detach);
  context.changed();
  return null;
});

/** Drops the pending data of a record. */
export const rollbackSecretUpdate: Endpoint = defineEndpoint(transactionEnd, (context, { recordUid }) => {
  const record = writableRecord(context, recordUid);
  if (record.pending === null) throw badRequest("The record has no open transaction");
  record.pending = null;
  context.changed();
  return null;
});

/** Any commit ends an open transaction: its data was made from what is replaced now. */
function commit(state: ServerState, record: RecordState, data: string, detach: readonly string[]): void {
  record.data = data;
  record.revision = nextRevision(state);
  record.pending = null;
  if (detach.length === 0) return;
  record.files = record.files.filter(({ fileUid }) => !detach.includes(fileUid));
  record.links = record.links.filter(({ recordUid }) => !detach.includes(recordUid));
  dropUnheldFiles(state, detach);
}

const deletion = object({ recordUids: texts });

/** Deletes records one by one; what cannot be deleted is reported beside the rest, at status 200. */
export const deleteSecret: Endpoint = defineEndpoint(deletion, (context, { recordUids }) => ({
  records: recordUids.map((recordUid) => deleteOne(context, recordUid)),
}));

function deleteOne(context: EndpointContext, recordUid: string): object {
  const record = context.state.records.get(recordUid);
  if (record === undefined || !isVisible(context.state, record)) {
    return { recordUid, responseCode: "not_found", errorMessage: "" };
  }
  if (!isEditable(context, record)) {
    return { recordUid, responseCode: "access_denied", errorMessage: "The record is read-only" };
  }
  removeRecord(context.state, record);
  context.changed();
  return { recordUid, responseCode: "ok", errorMessage: "" };
}
