/** `add_file` (ksm-protocol 10.7, 13.5). */
import { uploadedStatus } from "../api/file-store.ts";
import { outOfSync } from "../vault/refusal.ts";
import { nextRevision } from "../vault/state.ts";
import { gcmOverhead, keyLength } from "../wire/aes.ts";
import { wrappedKeyLength } from "../wire/p256.ts";
import { blob, unusedUid, writableRecord } from "./access.ts";
import type { Endpoint } from "./endpoint.ts";
import { signFileUse, urlLifetimeMs } from "../vault/file-permission.ts";

/** Attaches a file to a record and returns the form for its upload; it appears once uploaded. */
export const addFile: Endpoint = (context, request) => {
  const { state, clock, origin } = context;
  const uid = unusedUid(state, request, "fileRecordUid");
  const record = writableRecord(context, request.text("ownerRecordUid"));
  const revision = request.optionalInteger("ownerRecordRevision");
  const ownerKey = blob(request, "fileRecordKey", wrappedKeyLength);
  const data = blob(request, "fileRecordData", gcmOverhead, true);
  const ownerData = blob(request, "ownerRecordData", gcmOverhead, true);
  const fileKey = blob(request, "linkKey", keyLength + gcmOverhead);
  const size = request.integer("fileSize", gcmOverhead);
  if (revision !== undefined && revision !== record.revision) throw outOfSync();

  state.files.set(uid, { uid, data, ownerKey, size, content: null, thumbnail: null });
  record.files.push({ fileUid: uid, fileKey });
  record.data = ownerData;
  record.revision = nextRevision(state);
  record.pending = null;
  context.changed();
  const expires = String(clock() + urlLifetimeMs);
  const signature = signFileUse(state, "upload", uid, expires);
  return {
    url: `${origin}/files/upload`,
    // The form's fields, in the order in which they must be sent, as JSON text.
    parameters: JSON.stringify({ key: uid, expires, signature }),
    successStatusCode: uploadedStatus,
  };
};
