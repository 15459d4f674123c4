/** `update_secret` and the end of its transactions (ksm-protocol 10.4, 13.5). */
import { dropUnheldFiles, nextRevision, type RecordState, type ServerState } from "../vault/state.ts";
import { badRequest, outOfSync } from "../vault/refusal.ts";
import { gcmOverhead } from "../wire/aes.ts";
import { blob, writableRecord } from "./access.ts";
import type { Endpoint } from "./endpoint.ts";

/** Replaces a record's data at once, or keeps it for later when the request has a transaction type. */
export const updateSecret: Endpoint = (context, request) => {
  const record = writableRecord(context, request.text("recordUid"));
  const revision = request.integer("revision");
  const data = blob(request, "data", gcmOverhead, true);
  const type = request.word("transactionType", ["general", "rotation", "none"], "none");
  // The service ignores removals in a general transaction.
  const detach = type === "general" ? [] : request.texts("links2Remove");
  if (revision !== record.revision) throw outOfSync();
  if (type === "none") commit(context.state, record, data, detach);
  else record.pending = { data, detach };
  context.changed();
  return null;
};

/** Commits the pending data of a record. */
export const finalizeSecretUpdate: Endpoint = (context, request) => {
  const record = writableRecord(context, request.text("recordUid"));
  if (record.pending === null) throw badRequest("The record has no open transaction");
  commit(context.state, record, record.pending.data, record.pending.detach);
  context.changed();
  return null;
};

/** Drops the pending data of a record. */
export const rollbackSecretUpdate: Endpoint = (context, request) => {
  const record = writableRecord(context, request.text("recordUid"));
  if (record.pending === null) throw badRequest("The record has no open transaction");
  record.pending = null;
  context.changed();
  return null;
};

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
