/** Reads and writes the ledger of one client while other processes do the same. */
import { equalBytes, utf8Bytes } from "@ksmkit/common";
import { CacheError } from "../errors/cache-error.ts";
import type { CacheEventListener } from "../event.ts";
import type { CacheStore, StoreWarning } from "../store/cache-store.ts";
import { copyLedger, denyLedger, emptyLedger, ledgerFromJson, ledgerJson, type Ledger } from "./ledger.ts";
import { openEntry, sealEntry, type EntryContext } from "./sealed-entry.ts";

/** What a {@link LedgerStore} works with. */
export interface LedgerStoreOptions {
  readonly store: CacheStore;
  readonly name: string;
  readonly context: EntryContext;
  readonly emit: CacheEventListener;
  readonly warn: StoreWarning;
  /** Rejects when store work takes too long. */
  readonly limit: <T>(work: Promise<T>) => Promise<T>;
}

/** Changes a ledger in place. It runs once for each attempt to write. */
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
  /** The stored bytes of `#known`: while they are the same, nothing needs to be opened. */
  #knownBytes: Uint8Array | undefined;
  /** When access was denied, until a ledger with it is stored: a full disk must not bring anything back. */
  #deniedAt = 0;
  #queued: LedgerUpdate[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Ledger> | undefined;

  constructor(options: LedgerStoreOptions) {
    this.#options = options;
  }

  /** The ledger as stored, or as last seen when the store has none, an older or a damaged one. Read-only. */
  async read(): Promise<Ledger> {
    const { ledger } = await this.#load();
    return this.#deniedAt > 0 ? this.#withDenial(ledger) : ledger;
  }

  /**
   * The ledger as stored; `null` when it has to be written again, because the store has none, an older, a damaged or
   * an exposed one, or lacks a denial. Read-only.
   */
  async readStored(): Promise<Ledger | null> {
    let isExposed = false;
    const warn = (): void => {
      isExposed = true;
    };
    const { ledger, isCurrent } = await this.#load({ warn, emit: () => {} });
    return isCurrent && !isExposed && this.#deniedAt === 0 ? ledger : null;
  }

  /** Remembers that access was denied: {@link read} includes it from now on, whether or not it can be stored. */
  deny(deniedAt: number): void {
    this.#deniedAt = Math.max(this.#deniedAt, deniedAt);
  }

  /** Applies an update. Updates that arrive during a write are written together by the next one. */
  update(change: LedgerUpdate): Promise<Ledger> {
    this.#queued.push(change);
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const changes = this.#queued;
      this.#queued = [];
      const write = this.#write(changes);
      // A write that hangs keeps the next one waiting for its time limit only.
      this.#running = this.#options.limit(write).catch(() => {});
      return write;
    });
    return this.#next;
  }

  async #write(changes: readonly LedgerUpdate[]): Promise<Ledger> {
    const { store, name, context } = this.#options;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const { bytes, ledger } = await this.#load();
      const deniedAt = this.#deniedAt;
      const next = this.#withDenial(ledger);
      for (const change of changes) change(next);
      next.sequence++;
      const sealed = await sealEntry(context, timeless, utf8Bytes(JSON.stringify(ledgerJson(next))));
      let won = false;
      await store.update(name, (current) => {
        won = current === null || bytes === null ? current === bytes : equalBytes(current, bytes);
        return won ? sealed : null;
      });
      if (!won) continue;
      this.#known = next;
      this.#knownBytes = sealed;
      if (this.#deniedAt === deniedAt) this.#deniedAt = 0;
      return next;
    }
    throw new CacheError("ERR_CACHE_STORE_FAILED", `Other processes keep writing in ${store.description}.`, {
      retryable: true,
    });
  }

  /** A copy with a denial that is not stored yet. */
  #withDenial(ledger: Ledger): Ledger {
    const copy = copyLedger(ledger);
    if (this.#deniedAt > 0) denyLedger(copy, this.#deniedAt);
    return copy;
  }

  /** Reads the ledger; `isCurrent` is false when what this process knows stands in for it. */
  async #load({ warn, emit }: Pick<LedgerStoreOptions, "warn" | "emit"> = this.#options): Promise<{
    bytes: Uint8Array | null;
    ledger: Ledger;
    isCurrent: boolean;
  }> {
    const { store, name, context } = this.#options;
    const bytes = await store.read(name, warn);
    const fallback = { bytes, ledger: this.#known, isCurrent: false };
    if (bytes === null) return fallback;
    if (this.#knownBytes !== undefined && equalBytes(bytes, this.#knownBytes)) {
      return { bytes, ledger: this.#known, isCurrent: true };
    }
    const opened = await openEntry(context, bytes);
    if (opened === null) {
      emit({
        kind: "unreadable",
        message: `The ledger in ${store.description} is damaged or sealed under another key; a new one is begun.`,
      });
      return fallback;
    }
    const ledger = ledgerFromJson(opened.value);
    if (ledger.sequence < this.#known.sequence) {
      emit({
        kind: "rolled-back",
        message: `The ledger in ${store.description} was put back to an older state; it is not used.`,
      });
      return fallback;
    }
    this.#known = ledger;
    this.#knownBytes = bytes;
    return { bytes, ledger, isCurrent: true };
  }
}
