/** `add_file` and the upload (ksm-protocol section 10.7). */
import {
  encodeBase64,
  flagOption,
  functionOption,
  required,
  sharedDeadline,
  textOption,
  type OptionChecks,
  type WaitOptions,
} from "@ksmkit/common";
import { provider } from "#crypto";
import { gcmStream } from "#gcm-stream";
import { readOwnerKey } from "../config/identity.ts";
import { sealEcies } from "../crypto/ecies.ts";
import { ArgumentError, RecordError } from "../errors/errors.ts";
import { objectOption, requireInstance, requireOptions, waitChecks } from "../errors/require-options.ts";
import { generateUid } from "../generators/uid.ts";
import { decodeUpload } from "../protocol/wire.ts";
import { withFile } from "../records/file-refs.ts";
import { KsmRecord } from "../records/ksm-record.ts";
import { sealJson } from "../records/seal-json.ts";
import { writeRecord } from "./update-record.ts";
import type { ServiceClient } from "./service-client.ts";
import { fileSource, type FileData, type FileProgress } from "./file-source.ts";
import { refreshRecord, requireEditable, type SaveResult } from "./refresh-record.ts";
import { sealedOverhead } from "./download-file.ts";
import { sendFile } from "./send-file.ts";

/** A file to upload, and how. */
export interface UploadFileOptions extends WaitOptions {
  /** File name, not empty. Only those who can open the record learn it. */
  name: string;
  /** Default: the name. */
  title?: string | undefined;
  /** MIME type. Default: `application/octet-stream`. */
  type?: string | undefined;
  /** Milliseconds since the epoch. Default: now. */
  lastModified?: number | undefined;
  /**
   * The content. It is sealed and sent piece by piece on Node; elsewhere it is held in memory twice and
   * limited to 256 MiB.
   */
  data: FileData;
  /** Length of the content in bytes; needed for streams. */
  size?: number | undefined;
  /** Called after each piece. What it throws ends the upload. */
  onProgress?: ((progress: FileProgress) => void) | undefined;
  /** Reads the record again after the upload, so that it can be saved. Default: true. */
  refresh?: boolean | undefined;
}

/** What an upload leaves behind. */
export interface UploadResult extends SaveResult {
  /** Uid of the new file. */
  readonly fileUid: string;
}

const numberOption = { accepts: Number.isFinite, expected: "a number" };

const uploadChecks: OptionChecks<UploadFileOptions> = {
  name: required(textOption),
  title: textOption,
  type: textOption,
  lastModified: numberOption,
  data: required({
    ...objectOption,
    expected: "a Uint8Array, Blob, ReadableStream or async iterable of Uint8Array",
  }),
  size: { ...numberOption, expected: "the number of bytes when data is a stream" },
  onProgress: functionOption,
  refresh: flagOption,
  ...waitChecks,
};

/** What cannot be sealed piece by piece is limited to this. */
const wholeLimit = 0x1000_0000;

/** Attaches a file to a record, then uploads its content. */
export async function uploadFile(
  service: ServiceClient,
  record: KsmRecord,
  options: UploadFileOptions,
): Promise<UploadResult> {
  requireInstance(record, KsmRecord, "record", "a record as getSecrets returns it");
  requireOptions(options, uploadChecks, "uploadFile");
  const { name, title = name, type = "application/octet-stream", refresh = true } = options;
  const { clock = Date.now } = service.options;
  if (typeof name !== "string" || name === "")
    throw new ArgumentError("Option name must be text that is not empty.");
  const source = fileSource(options.data, options.size);
  const { size } = source;
  if (!gcmStream && size > wholeLimit)
    throw new ArgumentError(`This platform uploads at most ${wholeLimit} bytes.`);
  requireEditable(record);
  await record.open();
  const wait = sharedDeadline(options);
  const ownerKey = await readOwnerKey((await service.bound(wait)).values);
  const fileUid = generateUid({ random: service.random });
  const fileKey = service.random(32);
  try {
    const recordKey = KsmRecord.keyOf(record);
    const metadata = { name, size, title, lastModified: options.lastModified ?? clock(), type };
    const payload = {
      fileRecordUid: fileUid,
      fileRecordKey: encodeBase64(await sealEcies(ownerKey, fileKey)),
      fileRecordData: await sealJson(fileKey, metadata),
      ownerRecordUid: record.uid,
      ownerRecordData: await sealJson(recordKey, withFile(record.data, fileUid)),
      ownerRecordRevision: KsmRecord.stateOf(record).wire.revision,
      linkKey: encodeBase64(await provider.sealGcm(recordKey, fileKey)),
      fileSize: size + sealedOverhead,
    };
    const answer = await writeRecord(service, record, service.write("add_file", payload, wait));
    await sendFile(service, decodeUpload(answer), {
      source,
      fileKey,
      onProgress: options.onProgress,
      wait,
      failure: (what, cause) =>
        new RecordError(
          "ERR_KSM_FILE_UPLOAD_FAILED",
          `File ${fileUid} is attached to record ${record.uid}, but without content: ${what}. Detach it with removeFiles from a fresh copy of the record.`,
          { recordUid: record.uid, fileUid, cause },
        ),
    });
  } finally {
    // Best effort: the runtime may hold copies elsewhere.
    fileKey.fill(0);
  }
  return { fileUid, ...(refresh && (await refreshRecord(service, record, wait))) };
}
