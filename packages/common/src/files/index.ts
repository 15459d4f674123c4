/**
 * Files on Node that survive crashes, full disks and other writers: atomic replacement, private files, locks, bounded reading.
 *
 * @module
 */
export { FileError, systemErrorCode, type FileErrorCode, type FileErrorKind } from "./file-error.ts";
export { FileLock, removeStaleLocks, staleAfterMs, type LockOptions } from "./file-lock.ts";
export { copyGeneration, dropGeneration, linkGeneration } from "./file-generation.ts";
export type { OverwriteOptions } from "./overwrite-file.ts";
export {
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
  type PrivateFileOptions,
} from "./private-file.ts";
export { readSmallFile, type FileContent } from "./read-small-file.ts";
export {
  probeFile,
  removeFile,
  removeStaleTempFiles,
  replaceFile,
  syncDirectory,
  type AtomicFileOptions,
} from "./replace-file.ts";
export { platformAccess, WindowsAccess, type RunProgram } from "./windows-access.ts";
