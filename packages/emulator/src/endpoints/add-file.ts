/** `add_file` (ksm-protocol 10.7, 13.5). */
import { uploadedStatus } from "../api/file-store.ts";
import { outOfSync } from "../vault/refusal.ts";
import { nextRevision } from "../vault/state.ts";
import { gcmOverhead, keyLength } from "../wire/aes.ts";
import { wrappedKeyLength } from "../wire/p256.ts";
import { object } from "../schema/validate.ts";
import { blob, integer, longBlob, optional, text, uid } from "../schema/values.ts";
import { refuseUsedUid, writableRecord } from "./access.ts";
import { defineEndpoint, type Endpoint } from "./endpoint.ts";
import { signFileUse, urlLifetimeMs } from "../vault/file-permission.ts";

const request = object({
  fileRecordUid: uid,
  ownerRecordUid: text,
  ownerRecordRevision: optional(integer()),
  fileRecordKey: blob(wrappedKeyLength),
  fileRecordData: longBlob(gcmOverhead),
  ownerRecordData: longBlob(gcmOverhead),
  linkKey: blob(keyLength + gcmOverhead),
  fileSize: integer(gcmOverhead),
});

/** Attaches a file to a record and returns the form for its upload; it appears once uploaded. */
export const addFile: Endpoint = defineEndpoint(request, (context, file) => {
  const { state, clock, origin } = context;
  const { fileRecordUid: uid, ownerRecordRevision: revision, fileSize: size } = file;
  refuseUsedUid(state, "fileRecordUid", uid);
  const record = writableRecord(context, file.ownerRecordUid);
  if (revision !== undefined && revision !== record.revision) throw outOfSync();

  const { fileRecordData: data, fileRecordKey: ownerKey } = file;
  state.files.set(uid, { uid, data, ownerKey, size, content: null, thumbnail: null });
  record.files.push({ fileUid: uid, fileKey: file.linkKey });
  record.data = file.ownerRecordData;
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
});
