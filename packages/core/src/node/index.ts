/**
 * What only Node offers: configuration files, the process environment, files on disk.
 *
 * @module
 */
export type { LockOptions } from "@ksmkit/common/files";
export { fileStorage, type FileStorageOptions, type StorageWarning } from "./file-storage.ts";
export {
  fromEnvironment,
  storageFromEnvironment,
  type EnvironmentClientOptions,
  type EnvironmentOptions,
  type FromEnvironmentOptions,
} from "./environment.ts";
export { localFile } from "./local-file.ts";
export { publishCalls, type CallEvent, type RetryEvent } from "./publish-calls.ts";
export { safeFileName } from "./safe-file-name.ts";
export { saveFile, type SaveFileOptions } from "./save-file.ts";
