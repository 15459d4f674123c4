/** The stored answers of one client: sealed, each as new as the ledger says, or not there at all. */
import type { Clock, JsonObject } from "@ksmkit/common";
import type { CacheEventListener } from "../event.ts";
import { openEntry, readHead, sealEntry, type EntryHead, type EntryContext } from "./sealed-entry.ts";
import type { CacheStore, StoreWarning } from "../store/cache-store.ts";
import { settleAll } from "./settle-all.ts";
import { clientOf, clientTag, entryName, type BoundDevice } from "./client-names.ts";
import type { Ledger } from "./ledger.ts";
import { LedgerStore, type LedgerUpdate } from "./ledger-store.ts";

/** What a {@link EntryStore} works with. */
export interface EntryStoreOptions {
  readonly store: CacheStore;
  readonly clock: Clock;
  /** Entries beyond this many are removed, oldest first. */
  readonly maxEntries: number;
  readonly emit: CacheEventListener;
}

/** One answer on its way to or from the shelf. */
export interface StoredEntry extends EntryHead {
  /** What it answers, as one text. */
  readonly label: string;
  readonly value: JsonObject;
}

/** How far two clocks that are right may be apart; beyond it, an entry from the future tells of a clock set back. */
export const clockToleranceMs = 300_000;

/** All entries of one client in a store. */
export class EntryStore {
  readonly #options: EntryStoreOptions;
  readonly #device: BoundDevice;
  readonly #tag: string;
  readonly #ledger: LedgerStore;
  readonly #warn: StoreWarning;

  private constructor(device: BoundDevice, tag: string, options: EntryStoreOptions) {
    const { store, emit } = options;
    this.#options = options;
    this.#device = device;
    this.#tag = tag;
    this.#warn = (message) => emit({ kind: "permissions", message });
    this.#ledger = new LedgerStore({
      store,
      emit,
      name: this.#ledgerName,
      place: this.#place("ledger"),
      warn: this.#warn,
    });
  }

  /** The shelf of a device. Touches nothing. */
  static async open(device: BoundDevice, options: EntryStoreOptions): Promise<EntryStore> {
    return new EntryStore(device, await clientTag(device), options);
  }

  /** What is on the shelf. */
  ledger(): Promise<Ledger> {
    return this.#ledger.read();
  }

  /** Writes down what a write of this application has done. */
  note(change: LedgerUpdate): Promise<Ledger> {
    return this.#ledger.update(change);
  }

  /** Reads an entry; `null` when there is none that is sound and as new as the ledger knows it. */
  async get(label: string, ledger: Ledger): Promise<StoredEntry | null> {
    const { store, emit } = this.#options;
    const bytes = await store.read(await entryName(this.#tag, label), this.#warn);
    if (bytes === null) return null;
    const opened = await openEntry(this.#place(label), bytes);
    if (opened === null) {
      const message = `An entry in ${store.description} is damaged or sealed under another key; it is not used.`;
      emit({ kind: "unreadable", message });
      return null;
    }
    const { head, value } = opened;
    if (head.requestedAt <= ledger.deniedAt) return null;
    if (head.requestedAt < (ledger.entries.get(label)?.requestedAt ?? 0)) {
      const message = `An entry in ${store.description} was put back to an older state; it is not used.`;
      emit({ kind: "rolled-back", message });
      return null;
    }
    return { ...head, label, value };
  }

  /** Stores entries, each unless a newer one is there already, and writes them down. */
  async put(entries: readonly StoredEntry[]): Promise<void> {
    const { store } = this.#options;
    const sizes = new Map<StoredEntry, number>();
    for (const entry of entries) {
      const sealed = await sealEntry(this.#place(entry.label), entry, entry.value);
      let written = false;
      await store.update(await entryName(this.#tag, entry.label), (current) => {
        const head = current && readHead(current);
        written = head === null || !this.#isNewer(head, entry);
        return written ? sealed : null;
      });
      if (written) sizes.set(entry, sealed.length);
    }
    const evicted: string[] = [];
    await this.#ledger.update((ledger) => {
      evicted.length = 0;
      this.#clampFutureTimes(ledger);
      for (const [{ label, requestedAt, fetchedAt }, bytes] of sizes) {
        const known = ledger.entries.get(label);
        // Denied while the answer was on its way: it must not stay.
        if (requestedAt <= ledger.deniedAt) evicted.push(label);
        else if (known === undefined || !this.#isNewer(known, { requestedAt })) {
          ledger.entries.set(label, { requestedAt, fetchedAt, bytes });
        }
      }
      evicted.push(...this.#evict(ledger));
    });
    for (const label of evicted) await store.remove(await entryName(this.#tag, label));
  }

  /**
   * Removes everything. With `deniedAt`, also what others are about to store. What can be removed is removed before
   * this fails; after a failure the denial is known to this process at least.
   */
  async clear(deniedAt?: number): Promise<void> {
    if (deniedAt !== undefined) this.#ledger.deny(deniedAt);
    // First, so that what is still being removed is void already.
    const written = this.#ledger.update((ledger) => {
      ledger.entries.clear();
      ledger.changes.clear();
      ledger.listingChangedAt = ledger.foldersChangedAt = 0;
    });
    // A full disk refuses the ledger, and still lets go of entries.
    const [noted] = await Promise.allSettled([written]);
    await this.#removeEntries();
    if (noted.status === "rejected") throw noted.reason;
  }

  async #removeEntries(): Promise<void> {
    const { store } = this.#options;
    const names = (await store.list(`${this.#tag}-`)).filter((name) => name !== this.#ledgerName);
    // All at once: a store that hangs is waited for once, not once for each.
    await settleAll(names.map((name) => store.remove(name)));
  }

  /** After the clock was set back, times of before it would make everything that comes look stale. */
  #clampFutureTimes(ledger: Ledger): void {
    const now = this.#options.clock();
    const settled = (at: number): number => (at > now + clockToleranceMs ? now - 1 : at);
    ledger.deniedAt = settled(ledger.deniedAt);
    ledger.listingChangedAt = settled(ledger.listingChangedAt);
    ledger.foldersChangedAt = settled(ledger.foldersChangedAt);
    for (const [uid, change] of ledger.changes)
      ledger.changes.set(uid, { ...change, at: settled(change.at) });
  }

  /** True when what is known is newer than what comes, by a clock that can be believed. */
  #isNewer(
    known: Pick<EntryHead, "requestedAt" | "fetchedAt">,
    coming: Pick<EntryHead, "requestedAt">,
  ): boolean {
    const believable = known.fetchedAt <= this.#options.clock() + clockToleranceMs;
    return known.requestedAt > coming.requestedAt && known.requestedAt <= known.fetchedAt && believable;
  }

  /** Takes the oldest entries beyond the limit out of the ledger; those that answer for everything go last. */
  #evict({ entries }: Ledger): string[] {
    const excess = entries.size - this.#options.maxEntries;
    if (excess <= 0) return [];
    const oldest = [...entries]
      .sort(([a, one], [b, other]) => rank(a) - rank(b) || one.requestedAt - other.requestedAt)
      .slice(0, excess);
    for (const [label] of oldest) entries.delete(label);
    return oldest.map(([label]) => label);
  }

  get #ledgerName(): string {
    return `${this.#tag}-ledger`;
  }

  #place(label: string): EntryContext {
    return { appKey: this.#device.appKey, client: clientOf(this.#device), label };
  }
}

/** 1 for what answers for everything, 0 for the rest. */
function rank(label: string): number {
  return /^(listing|folders)( |$)/.test(label) ? 1 : 0;
}
