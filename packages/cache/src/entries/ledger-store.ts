/** Reads and writes the ledger of one client, also when other processes do the same. */
import { equalBytes } from "@ksmkit/common";
import { CacheError } from "../errors/cache-error.ts";
import type { CacheEventListener } from "../event.ts";
import { openEntry, sealEntry, type EntryContext } from "./sealed-entry.ts";
import type { CacheStore, StoreWarning } from "../store/cache-store.ts";
import { copyLedger, denyLedger, emptyLedger, ledgerFromJson, ledgerJson, type Ledger } from "./ledger.ts";

/** What a {@link LedgerStore} works with. */
export interface LedgerStoreOptions {
  readonly store: CacheStore;
  readonly name: string;
  readonly place: EntryContext;
  readonly emit: CacheEventListener;
  readonly warn: StoreWarning;
}

/** Changes a ledger in place. */
export type LedgerUpdate = (ledger: Ledger) => void;

/** A ledger has no age: its sequence orders it. */
const timeless = { requestedAt: 0, fetchedAt: 0, expiresAt: 0 };

// Each failed attempt means that another process succeeded.
const maxAttempts = 30;

/** The ledger of one client. */
export class LedgerStore {
  readonly #options: LedgerStoreOptions;
  /** The newest state that this process has seen: what is read later must not be older. */
  #known: Ledger = emptyLedger();
  /** When access was denied, until a ledger that says so is stored: a full disk must not bring anything back. */
  #deniedAt = 0;
  #waiting: LedgerUpdate[] = [];
  #current: Promise<unknown> = Promise.resolve();
  #next: Promise<Ledger> | undefined;

  constructor(options: LedgerStoreOptions) {
    this.#options = options;
  }

  /** The ledger as stored, or as last seen where the store has none, an older or a damaged one. */
  async read(): Promise<Ledger> {
    const { ledger } = await this.#load();
    return this.#deniedAt > 0 ? this.#denied(ledger) : ledger;
  }

  /** Remembers that access was denied: {@link read} says so from now on, whether or not it can be stored. */
  deny(deniedAt: number): void {
    this.#deniedAt = Math.max(this.#deniedAt, deniedAt);
  }

  /** Applies a change. Changes that come while a write is under way go out together in the next one. */
  update(change: LedgerUpdate): Promise<Ledger> {
    this.#waiting.push(change);
    this.#next ??= this.#current.then(() => {
      this.#next = undefined;
      const changes = this.#waiting;
      this.#waiting = [];
      const write = this.#write(changes);
      this.#current = write.catch(() => {});
      return write;
    });
    return this.#next;
  }

  async #write(changes: readonly LedgerUpdate[]): Promise<Ledger> {
    const { store, name, place } = this.#options;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const { bytes, ledger } = await this.#load();
      const deniedAt = this.#deniedAt;
      const next = this.#denied(ledger);
      for (const change of changes) change(next);
      next.sequence++;
      const sealed = await sealEntry(place, timeless, ledgerJson(next));
      let mine = false;
      await store.update(name, (current) => {
        mine = current === null || bytes === null ? current === bytes : equalBytes(current, bytes);
        return mine ? sealed : null;
      });
      if (!mine) continue;
      this.#known = next;
      if (this.#deniedAt === deniedAt) this.#deniedAt = 0;
      return next;
    }
    throw new CacheError("ERR_CACHE_STORE_FAILED", `Other processes keep writing in ${store.description}.`, {
      retryable: true,
    });
  }

  /** A copy with what only this process knows yet. */
  #denied(ledger: Ledger): Ledger {
    const copy = copyLedger(ledger);
    if (this.#deniedAt > 0) denyLedger(copy, this.#deniedAt);
    return copy;
  }

  async #load(): Promise<{ bytes: Uint8Array | null; ledger: Ledger }> {
    const { store, name, place, emit, warn } = this.#options;
    const bytes = await store.read(name, warn);
    if (bytes === null) return { bytes, ledger: this.#known };
    const opened = await openEntry(place, bytes);
    if (opened === null) {
      emit({
        kind: "unreadable",
        message: `The ledger in ${store.description} is damaged or sealed under another key; a new one is begun.`,
      });
      return { bytes, ledger: this.#known };
    }
    const ledger = ledgerFromJson(opened.value);
    if (ledger.sequence < this.#known.sequence) {
      emit({
        kind: "rolled-back",
        message: `The ledger in ${store.description} was put back to an older state; it is not used.`,
      });
      return { bytes, ledger: this.#known };
    }
    this.#known = ledger;
    return { bytes, ledger };
  }
}
