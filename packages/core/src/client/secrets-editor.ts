/** The client that also writes: an entry of its own, so that programs which only read do not load it. */
import type { DeleteResult } from "../errors/errors.ts";
import type { KsmFile } from "../records/ksm-file.ts";
import type { KsmRecord } from "../records/ksm-record.ts";
import { createRecord, type CreateRecordOptions } from "./create-record.ts";
import { deleteRecords, type DeleteOptions } from "./delete-items.ts";
import type { FolderKeyOptions } from "./folders.ts";
import type { SaveResult } from "./refresh-record.ts";
import { SecretsManager } from "./secrets-manager.ts";
import { streamFile, type StreamFileOptions } from "./stream-file.ts";
import {
  completeTransaction,
  patchRecord,
  updateRecord,
  type CompleteTransactionOptions,
  type PatchRecordOptions,
  type PatchResult,
  type UpdateRecordOptions,
} from "./update-record.ts";
import { uploadFile, type UploadFileOptions, type UploadResult } from "./upload-file.ts";
import {
  createFolder,
  deleteFolders,
  renameFolder,
  type CreateFolderOptions,
  type DeleteFoldersOptions,
} from "./write-folders.ts";

/**
 * A {@link SecretsManager} that also creates, changes and deletes records, folders and files. Options, errors and
 * everything that reads are the same.
 *
 * @example
 * ```ts
 * const editor = new SecretsEditor({ storage: fileStorage({ path: "ksm-config.json" }) });
 * const record = await editor.getRecordByTitle("Orders database");
 * record.setField("password", "n3w");
 * await editor.updateRecord(record);
 * ```
 */
export class SecretsEditor extends SecretsManager {
  /**
   * Creates a record in a folder and returns its uid. Nothing is sent unless record and folder are sound.
   *
   * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`; {@link RecordError} `ERR_KSM_FOLDER_NOT_FOUND`,
   *   `ERR_KSM_READ_ONLY`, `ERR_KSM_RECORD_BROKEN` for a folder whose key does not open
   * @example
   * ```ts
   * const uid = await manager.createRecord({
   *   folderUid,
   *   record: { type: "login", title: "Web shop", fields: [{ type: "login", value: "anna" }] },
   * });
   * ```
   */
  createRecord(options: CreateRecordOptions): Promise<string> {
    return createRecord(SecretsManager.connectionOf(this), options);
  }

  /**
   * Saves `record.data` as it is now, then reads the record again, which replaces `record.data` and the
   * revision. When the save fails, the object is as it was.
   *
   * @throws {@link ConflictError} when another client saved first; {@link RecordError} `ERR_KSM_READ_ONLY`
   * @example
   * ```ts
   * record.setField("password", "n3w");
   * await manager.updateRecord(record);
   * ```
   */
  updateRecord(record: KsmRecord, options: UpdateRecordOptions = {}): Promise<SaveResult> {
    return updateRecord(SecretsManager.connectionOf(this), record, options);
  }

  /**
   * Reads a record, changes and saves it; again from the start when another client saved meanwhile. `change`
   * may run more than once, each time on a fresh record.
   *
   * @throws {@link ConflictError} after the last attempt, and what `change` throws
   * @example
   * ```ts
   * await manager.patchRecord(uid, (record) => record.setField("password", "n3w"));
   * ```
   */
  patchRecord(
    uid: string,
    change: (record: KsmRecord) => unknown,
    options: PatchRecordOptions = {},
  ): Promise<PatchResult> {
    return patchRecord(SecretsManager.connectionOf(this), uid, change, options);
  }

  /** Commits, or with `rollback` drops, what `updateRecord` with a transaction type left pending. */
  completeTransaction(recordUid: string, options: CompleteTransactionOptions = {}): Promise<void> {
    return completeTransaction(SecretsManager.connectionOf(this), recordUid, options);
  }

  /**
   * Deletes records: one result for each, in the order asked. The service may delete some and refuse others.
   *
   * @throws {@link DeleteError} with `throwOnFailure`
   */
  deleteRecords(uids: string | readonly string[], options: DeleteOptions = {}): Promise<DeleteResult[]> {
    return deleteRecords(SecretsManager.connectionOf(this), uids, options);
  }

  /**
   * Creates a sub-folder at any depth below a shared folder and returns its uid.
   *
   * @throws {@link RecordError} as {@link SecretsManager.createRecord}
   */
  createFolder(options: CreateFolderOptions): Promise<string> {
    return createFolder(SecretsManager.connectionOf(this), options);
  }

  /** Renames a folder; see {@link SecretsManager.createFolder} for the errors. */
  renameFolder(uid: string, name: string, options: FolderKeyOptions = {}): Promise<void> {
    return renameFolder(SecretsManager.connectionOf(this), uid, name, options);
  }

  /**
   * Deletes sub-folders: one result for each, in the order asked. The service takes unknown uids for deleted.
   *
   * @throws {@link DeleteError} with `throwOnFailure`
   */
  deleteFolders(
    uids: string | readonly string[],
    options: DeleteFoldersOptions = {},
  ): Promise<DeleteResult[]> {
    return deleteFolders(SecretsManager.connectionOf(this), uids, options);
  }

  /**
   * Downloads a file piece by piece within bounded memory (on Node; elsewhere in one piece). What `write`
   * receives is proven to be what was uploaded only when the promise resolves: before that, do nothing with
   * it that cannot be undone. Each chunk is its to keep. `saveFile` of `@ksmkit/core/node` writes to disk this way.
   *
   * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE`, and what `write` throws
   */
  streamFile(
    file: KsmFile,
    write: (chunk: Uint8Array) => unknown,
    options: StreamFileOptions = {},
  ): Promise<void> {
    return streamFile(SecretsManager.connectionOf(this), file, write, options);
  }

  /**
   * Attaches a file to a record and uploads its content, within bounded memory on Node. The record is read
   * again afterwards.
   *
   * @throws {@link RecordError} `ERR_KSM_FILE_UPLOAD_FAILED` when the file is attached but its content did not
   *   arrive, also after an abort: its `fileUid` says what to detach. Before that: {@link ConflictError},
   *   `ERR_KSM_READ_ONLY`
   * @example
   * ```ts
   * const { fileUid } = await manager.uploadFile(record, { name: "key.pem", data: bytes });
   * ```
   */
  uploadFile(record: KsmRecord, options: UploadFileOptions): Promise<UploadResult> {
    return uploadFile(SecretsManager.connectionOf(this), record, options);
  }
}
