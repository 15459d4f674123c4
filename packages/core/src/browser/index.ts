/**
 * What only browsers offer: a configuration in IndexedDB, sealed by a key that cannot be exported.
 *
 * @module
 */
export { indexedDbStorage, type IndexedDbStorageOptions } from "./indexed-db-storage.ts";
