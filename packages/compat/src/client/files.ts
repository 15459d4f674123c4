/** Files: attaching, reading, thumbnails (ksm-protocol sections 10.7 and 10.8). */
import { checkFileAddress, decodeUpload } from "@ksmkit/core/internal";
import { RecordError } from "@ksmkit/core";
import { failure } from "../errors.ts";
import { keyRing, keysOf } from "../keys/key-rings.ts";
import { platform } from "../platform/connect.ts";
import type { KeeperFile, KeeperFileUpload, KeeperRecord, SecretManagerOptions } from "../types/records.ts";
import { attachFile } from "./file-refs.ts";
import { postForObject, readClientId } from "./post-query.ts";
import { copyOf, loadOwnerKey, loadRecordKey, newUid, sealDocument } from "./write-records.ts";

/** A file does not say which service it came from: plain http, which is for local services, is then refused. */
const unknownHost = "unknown.invalid";

/** Reads the content of a file. */
export const downloadFile = (file: KeeperFile): Promise<Uint8Array> => download(file, file.url);

/** Reads the thumbnail of a file. */
export const downloadThumbnail = (file: KeeperFile): Promise<Uint8Array> => download(file, file.thumbnailUrl);

/**
 * Attaches a file to a record and returns its uid. The record lists the file once the service agreed; its revision
 * is stale then.
 */
export const uploadFile = async (
  options: SecretManagerOptions,
  ownerRecord: KeeperRecord,
  file: KeeperFileUpload,
): Promise<string> => {
  const clientId = await readClientId(options);
  const ownerKey = await loadOwnerKey(options);
  const recordKey = await loadRecordKey(options, ownerRecord.recordUid);
  const { name, title, type, data } = file;
  const fileRecordUid = newUid();
  const fileKey = platform.getRandomBytes(32);
  const content = await platform.encryptWithKey(data, fileKey);
  const ownerData = copyOf(ownerRecord.data);
  attachFile(ownerData, fileRecordUid);
  const metadata = { name, size: data.length, title, lastModified: Date.now(), type };
  const answer = await postForObject(options, "add_file", {
    clientId,
    fileRecordUid,
    fileRecordKey: platform.bytesToBase64(await platform.publicEncrypt(fileKey, ownerKey)),
    fileRecordData: await sealDocument(metadata, fileKey),
    ownerRecordUid: ownerRecord.recordUid,
    ownerRecordData: await sealDocument(ownerData, recordKey),
    ownerRecordRevision: ownerRecord.revision,
    linkKey: platform.bytesToBase64(await platform.encryptWithKey(fileKey, recordKey)),
    fileSize: content.length,
  });
  attachFile(ownerRecord.data, fileRecordUid);
  keyRing(options.storage).keepFile(fileRecordUid, fileKey);

  // From here on the record lists the file, whatever happens to its content: the cause says which to detach.
  const failed = (message: string, cause?: unknown): Error =>
    failure(
      message,
      new RecordError(
        "ERR_KSM_FILE_UPLOAD_FAILED",
        `File ${fileRecordUid} is attached to record ${ownerRecord.recordUid}, but without content.`,
        { recordUid: ownerRecord.recordUid, fileUid: fileRecordUid, cause },
      ),
    );
  const place = decodeUpload(answer);
  if (place === null) throw failed("Upload failed: the service named no place for the file");
  const target = await checkFileAddress(
    place.url,
    async () => (await options.storage.getString("hostname")) ?? unknownHost,
  );
  if ("refused" in target) throw failed(`Upload failed: ${target.refused}`);
  const { statusCode, statusMessage } = await platform.fileUpload(
    target.url,
    Object.fromEntries(place.parameters),
    content,
    options.allowUnverifiedCertificate,
  );
  const { successStatusCode = statusCode >= 200 && statusCode < 300 ? statusCode : 0 } = place;
  if (statusCode !== successStatusCode) throw failed(`Upload failed (${statusMessage}), code ${statusCode}`);
  return fileRecordUid;
};

async function download(file: KeeperFile, url: string | undefined): Promise<Uint8Array> {
  const keys = keysOf(file.fileUid, file);
  if (keys.length === 0) throw failure(`Unable to load the key ${file.fileUid}`);
  const unverified = keys.every(({ allowUnverifiedCertificate }) => allowUnverifiedCertificate);
  const source = await checkFileAddress(url as string, async () => unknownHost);
  if ("refused" in source) throw failure(`Download of file ${file.fileUid} failed: ${source.refused}`);
  const { statusCode, data } = await platform.get(source.url, {}, unverified);
  if (statusCode !== 200) {
    const hint =
      statusCode === 403 || statusCode === 404 ? ": its address has expired, read the record again" : "";
    throw failure(`Download of file ${file.fileUid} failed, code ${statusCode}${hint}`);
  }
  return openWithAny(
    keys.map(({ key }) => key),
    data,
  );
}

/** Opens content with the first of its keys that does. */
async function openWithAny(keys: readonly Uint8Array[], sealed: Uint8Array): Promise<Uint8Array> {
  let refused: unknown;
  for (const key of keys) {
    try {
      return await platform.decryptWithKey(sealed, key);
    } catch (error) {
      refused = error;
    }
  }
  throw refused;
}
