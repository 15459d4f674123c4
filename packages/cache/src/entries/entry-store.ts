/** The stored answers of one client: sealed, each as new as the ledger says, or not there at all. */
import type { Clock, JsonObject } from "@ksmkit/common";
import type { NoticeListener } from "../event.ts";
import { openEntry, readHead, sealEntry, type EntryHead, type EntryPlace } from "./sealed-entry.ts";
import type { CacheStore, StoreWarning } from "../store/cache-store.ts";
import { allDone } from "./settle-all.ts";
import { clientOf, clientTag, entryName, type BoundDevice } from "./client-names.ts";
import type { Ledger } from "./ledger.ts";
import { LedgerKeeper, type LedgerChanger } from "./ledger-store.ts";

/** What a {@link Shelf} works with. */
export interface ShelfOptions {
  readonly store: CacheStore;
  readonly clock: Clock;
  /** Entries beyond this many are removed, oldest first. */
  readonly maxEntries: number;
  readonly notice: NoticeListener;
}

/** One answer on its way to or from the shelf. */
export interface ShelfEntry extends EntryHead {
  /** What it answers, as one text. */
  readonly label: string;
  readonly value: JsonObject;
}

/** How far two clocks that are right may be apart; beyond it, an entry from the future tells of a clock set back. */
export const clockToleranceMs = 300_000;

/** All entries of one client in a store. */
export class Shelf {
  readonly #options: ShelfOptions;
  readonly #device: BoundDevice;
  readonly #tag: string;
  readonly #keeper: LedgerKeeper;
  readonly #warn: StoreWarning;

  private constructor(device: BoundDevice, tag: string, options: ShelfOptions) {
    const { store, notice } = options;
    this.#options = options;
    this.#device = device;
    this.#tag = tag;
    this.#warn = (message) => notice({ kind: "permissions", message });
    this.#keeper = new LedgerKeeper({
      store,
      notice,
      name: this.#ledgerName,
      place: this.#place("ledger"),
      warn: this.#warn,
    });
  }

  /** The shelf of a device. Touches nothing. */
  static async open(device: BoundDevice, options: ShelfOptions): Promise<Shelf> {
    return new Shelf(device, await clientTag(device), options);
  }

  /** What is on the shelf. */
  ledger(): Promise<Ledger> {
    return this.#keeper.read();
  }

  /** Writes down what a write of this application has done. */
  note(change: LedgerChanger): Promise<Ledger> {
    return this.#keeper.update(change);
  }

  /** Reads an entry; `null` when there is none that is sound and as new as the ledger knows it. */
  async get(label: string, ledger: Ledger): Promise<ShelfEntry | null> {
    const { store, notice } = this.#options;
    const bytes = await store.read(await entryName(this.#tag, label), this.#warn);
    if (bytes === null) return null;
    const opened = await openEntry(this.#place(label), bytes);
    if (opened === null) {
      const message = `An entry in ${store.description} is damaged or sealed under another key; it is not used.`;
      notice({ kind: "unreadable", message });
      return null;
    }
    const { head, value } = opened;
    if (head.askedAt <= ledger.deniedAt) return null;
    if (head.askedAt < (ledger.entries.get(label)?.askedAt ?? 0)) {
      const message = `An entry in ${store.description} was put back to an older state; it is not used.`;
      notice({ kind: "rolled-back", message });
      return null;
    }
    return { ...head, label, value };
  }

  /** Stores entries, each unless a newer one is there already, and writes them down. */
  async put(entries: readonly ShelfEntry[]): Promise<void> {
    const { store } = this.#options;
    const sizes = new Map<ShelfEntry, number>();
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
    const surplus: string[] = [];
    await this.#keeper.update((ledger) => {
      surplus.length = 0;
      this.#forgetTheFuture(ledger);
      for (const [{ label, askedAt, fetchedAt }, bytes] of sizes) {
        const known = ledger.entries.get(label);
        // Denied while the answer was on its way: it must not stay.
        if (askedAt <= ledger.deniedAt) surplus.push(label);
        else if (known === undefined || !this.#isNewer(known, { askedAt })) {
          ledger.entries.set(label, { askedAt, fetchedAt, bytes });
        }
      }
      surplus.push(...this.#takeSurplus(ledger));
    });
    for (const label of surplus) await store.remove(await entryName(this.#tag, label));
  }

  /**
   * Removes everything. With `deniedAt`, also what others are about to store. What can be removed is removed before
   * this fails; after a failure the denial is known to this process at least.
   */
  async clear(deniedAt?: number): Promise<void> {
    if (deniedAt !== undefined) this.#keeper.deny(deniedAt);
    // First, so that what is still being removed is void already.
    const written = this.#keeper.update((ledger) => {
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
    await allDone(names.map((name) => store.remove(name)));
  }

  /** After the clock was set back, times of before it would make everything that comes look stale. */
  #forgetTheFuture(ledger: Ledger): void {
    const now = this.#options.clock();
    const settled = (at: number): number => (at > now + clockToleranceMs ? now - 1 : at);
    ledger.deniedAt = settled(ledger.deniedAt);
    ledger.listingChangedAt = settled(ledger.listingChangedAt);
    ledger.foldersChangedAt = settled(ledger.foldersChangedAt);
    for (const [uid, change] of ledger.changes)
      ledger.changes.set(uid, { ...change, at: settled(change.at) });
  }

  /** True when what is known is newer than what comes, by a clock that can be believed. */
  #isNewer(known: Pick<EntryHead, "askedAt" | "fetchedAt">, coming: Pick<EntryHead, "askedAt">): boolean {
    const believable = known.fetchedAt <= this.#options.clock() + clockToleranceMs;
    return known.askedAt > coming.askedAt && known.askedAt <= known.fetchedAt && believable;
  }

  /** Takes the oldest entries beyond the limit out of the ledger; those that answer for everything go last. */
  #takeSurplus({ entries }: Ledger): string[] {
    const excess = entries.size - this.#options.maxEntries;
    if (excess <= 0) return [];
    const oldest = [...entries]
      .sort(([a, one], [b, other]) => rank(a) - rank(b) || one.askedAt - other.askedAt)
      .slice(0, excess);
    for (const [label] of oldest) entries.delete(label);
    return oldest.map(([label]) => label);
  }

  get #ledgerName(): string {
    return `${this.#tag}-ledger`;
  }

  #place(label: string): EntryPlace {
    return { appKey: this.#device.appKey, client: clientOf(this.#device), label };
  }
}

/** 1 for what answers for everything, 0 for the rest. */
function rank(label: string): number {
  return /^(listing|folders)( |$)/.test(label) ? 1 : 0;
}
