/** The entries of a read cache: each with a timer of its own, bounded in number, the least recently used are evicted first. */
import type { Changes } from "../protocol/changes.ts";
import { foldersKey } from "./query-key.ts";
import type { ReadCacheSettings } from "./options.ts";
import { endOf, type ReadEntry } from "./read-entry.ts";

/** Entries by key. */
export class ReadMemory {
  readonly #settings: ReadCacheSettings;
  readonly #entries = new Map<string, ReadEntry>();
  #weight = 0;

  constructor(settings: ReadCacheSettings) {
    this.#settings = settings;
  }

  get(key: string): ReadEntry | undefined {
    return this.#entries.get(key);
  }

  /** All entries, in no order. */
  values(): Iterable<ReadEntry> {
    return this.#entries.values();
  }

  /** Stores an entry until its end, and makes room for it. */
  set(entry: ReadEntry): void {
    this.delete(entry.key);
    if (weightOf(entry) > this.#settings.maxRecords) return;
    this.#entries.set(entry.key, entry);
    this.#weight += weightOf(entry);
    // Secrets do not stay in memory longer than they can be returned.
    const lifetime = Math.max(0, endOf(entry) - this.#settings.clock());
    entry.cancel = this.#settings.timer(lifetime, () => this.delete(entry.key, entry));
    while (this.#weight > this.#settings.maxRecords) this.#deleteLongestUnused(entry);
  }

  /** Removes an entry; with `only`, if it is still that one. */
  delete(key: string, only?: ReadEntry): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || (only !== undefined && only !== entry)) return;
    entry.cancel();
    this.#entries.delete(key);
    this.#weight -= weightOf(entry);
  }

  /** Removes what a write has outdated. */
  forget({ uids, listing, folders }: Changes): void {
    for (const [key, { requestedUids, records }] of this.#entries) {
      const isOutdated =
        key === foldersKey
          ? folders
          : (listing && requestedUids === undefined) ||
            uids.some((uid) => records.has(uid) || requestedUids?.includes(uid));
      if (isOutdated) this.delete(key);
    }
  }

  clear(): void {
    for (const key of this.#entries.keys()) this.delete(key);
  }

  #deleteLongestUnused(except: ReadEntry): void {
    let oldest: ReadEntry | undefined;
    for (const entry of this.#entries.values()) {
      if (entry !== except && (oldest === undefined || entry.usedAt < oldest.usedAt)) oldest = entry;
    }
    if (oldest !== undefined) this.delete(oldest.key);
  }
}

/** A result without records takes room as well. */
function weightOf({ records }: ReadEntry): number {
  return 1 + records.size;
}
