/** `delete_secret` (ksm-protocol 10.5, 13.5). */
import { isEditable, isVisible } from "./access.ts";
import type { Endpoint, EndpointContext } from "./endpoint.ts";
import { removeRecord } from "../vault/state.ts";

/** Deletes records one by one; what cannot be deleted is reported beside the rest, at status 200. */
export const deleteSecret: Endpoint = (context, request) => {
  const uids = request.texts("recordUids");
  return { records: uids.map((uid) => deleteOne(context, uid)) };
};

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
