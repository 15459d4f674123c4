/**
 * The write side: `SecretsEditor` creates, changes and deletes records, folders and files.
 *
 * @module
 */
export { SecretsEditor } from "../client/secrets-editor.ts";
export { ConflictError } from "../client/update-record.ts";
export type { CreateRecordOptions } from "../client/create-record.ts";
export type { DeleteOptions } from "../client/delete-items.ts";
export type { FileData, FileProgress } from "../client/file-source.ts";
export type { FolderKeyOptions } from "../client/folders.ts";
export type { SaveResult } from "../client/refresh-record.ts";
export type { StreamFileOptions } from "../client/stream-file.ts";
export type { UploadFileOptions, UploadResult } from "../client/upload-file.ts";
export type { CreateFolderOptions, DeleteFoldersOptions } from "../client/write-folders.ts";
export { DeleteError, type DeleteResult } from "../errors/errors.ts";
export type { NewRecord } from "../records/new-record.ts";
export type {
  CompleteTransactionOptions,
  PatchRecordOptions,
  PatchResult,
  UpdateRecordOptions,
} from "../client/update-record.ts";
