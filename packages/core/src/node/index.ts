/**
 * What only Node offers: configuration files, the process environment, files on disk.
 *
 * @module
 */
export { removeFile, replaceFile, sweepFile, type AtomicFileOptions } from "./atomic-file.ts";
export type { ClaimOptions } from "./file-claim.ts";
export { fileStorage, type FileStorageOptions, type StorageWarning } from "./file-storage.ts";
export {
  fromEnvironment,
  storageFromEnvironment,
  type EnvironmentClientOptions,
  type EnvironmentOptions,
  type FromEnvironmentOptions,
} from "./environment.ts";
export { localFile } from "./local-file.ts";
export { readSmallFile, systemErrorCode, type FileContent } from "./read-file.ts";
export { publishCalls, type CallEvent } from "./publish-calls.ts";
export { safeFileName } from "./safe-file-name.ts";
export { saveFile, type SaveFileOptions } from "./save-file.ts";
export { restrictWindowsAccess } from "./windows-access.ts";
