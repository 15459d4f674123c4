/**
 * Caches for `@ksmkit/core`: through an outage, in memory, and for a fleet.
 *
 * @module
 */
export { DisasterCache } from "./disaster/disaster-cache.ts";
export type { DisasterCacheOptions, OfflineMode } from "./disaster/options.ts";
export type { DrillLoss, DrillReport, WarmReport } from "./disaster/maintenance.ts";
export type { CacheStatus, CacheStatusEntry } from "./disaster/status.ts";
export type { CacheClient, CachedRecord } from "./disaster/maintenance-calls.ts";
export { CacheError } from "./errors/cache-error.ts";
export type { CacheErrorCode } from "./errors/codes.ts";
export type { CacheEvent, CacheEventKind, CacheEventListener } from "./event.ts";
export type { OfficialCacheLocation } from "./official/official-cache.ts";
export { readOfficialCache, writeOfficialCache } from "./official/official-layout.ts";
export type { CacheStore, StoreWarning } from "./store/cache-store.ts";
export { memoryStore } from "./store/memory-store.ts";
export { unstorageStore, type KeyValueStorage, type UnstorageStoreOptions } from "./store/unstorage-store.ts";
export { ReadCache, type ReadCacheStatus, type Shared } from "./read/read-cache.ts";
export type { ReadCacheOptions, SecretsReader, Timer } from "./read/options.ts";
export { memorySharedStore, type MemorySharedStoreOptions } from "./shared/memory-shared-store.ts";
export type { SharedCacheOptions } from "./shared/options.ts";
export { SharedCache } from "./shared/shared-cache.ts";
export type {
  Publication,
  SharedEntry,
  SharedLease,
  SharedStore,
  SharedView,
} from "./shared/shared-store.ts";
