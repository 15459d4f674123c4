/**
 * What only Node offers: configuration files and the process environment.
 *
 * @module
 */
export { fileStorage, type FileStorageOptions, type StorageWarning } from "./file-storage.ts";
export {
  fromEnvironment,
  storageFromEnvironment,
  type EnvironmentClientOptions,
  type EnvironmentOptions,
  type FromEnvironmentOptions,
} from "./environment.ts";
