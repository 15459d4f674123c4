/**
 * What only Node offers: sealed entries in files, and the cache files of the vendor's SDKs.
 *
 * @module
 */
export { cacheDirectory, type CacheEnvironment } from "./cache-directory.ts";
export { fileStore, type FileStoreOptions } from "./file-store.ts";
export { officialCacheFile, type OfficialCacheFileOptions } from "./official-cache-file.ts";
export type { PrivateFileOptions } from "./private-file.ts";
