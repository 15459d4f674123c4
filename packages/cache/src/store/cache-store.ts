/** Where sealed entries are stored. A store sees names that are hashes and bytes that are sealed, nothing else. */

/** Called for what deserves attention but stops nothing, for example that others may read a file. */
export type StoreWarning = (message: string) => void;

/**
 * A place for sealed entries. Names consist of `a-z`, `0-9` and `-`, at most 80 characters. Failures are thrown;
 * the cache turns them into events. `cacheStoreConformance` of `@ksmkit/cache/testing` tests an implementation.
 */
export interface CacheStore {
  /** What and where it is, for messages. Without content. */
  readonly description: string;
  /** What is stored under a name; `null` for nothing. */
  read(name: string, warn?: StoreWarning): Promise<Uint8Array | null>;
  /**
   * Replaces what is stored under a name, as a whole: readers see the old or the new bytes, also after a crash.
   *
   * @param decide receives what is stored now and returns what to store, or `null` to leave it. It may run more
   *   than once where writers compete. A store without an atomic compare-and-replace may lose one of two writes
   *   that happen at the same moment, but never mixes them.
   */
  update(name: string, decide: (current: Uint8Array | null) => Uint8Array | null): Promise<void>;
  /** Removes what is stored under a name. Nothing there is fine. */
  remove(name: string): Promise<void>;
  /** Names that start with `prefix`, in any order. */
  list(prefix: string): Promise<string[]>;
}
