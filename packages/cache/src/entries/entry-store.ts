/** The stored responses of one client: sealed, and each as new as the ledger knows it. */
import { encodeBase64Url, utf8Bytes, type Clock, type JsonObject } from "@ksmkit/common";
import { provider } from "@ksmkit/core/crypto";
import type { CacheEventListener } from "../event.ts";
import type { CacheStore, StoreWarning } from "../store/cache-store.ts";
import { clientOf, clientTag, entryName, type BoundDevice } from "./client-names.ts";
import { copyLedger, type Ledger, type LedgerEntry } from "./ledger.ts";
import { LedgerStore } from "./ledger-store.ts";
import { openEntry, readHead, sealEntry, type EntryContext, type EntryHead } from "./sealed-entry.ts";
import { settleAll } from "./settle-all.ts";

/** What an {@link EntryStore} works with. */
export interface EntryStoreOptions {
  readonly store: CacheStore;
  readonly clock: Clock;
  /** Entries beyond this many are evicted, oldest first. */
  readonly maxEntries: number;
  readonly emit: CacheEventListener;
  /** Rejects when store work takes too long. */
  readonly limit: <T>(work: Promise<T>) => Promise<T>;
}

/** One response on its way to or from the store. */
export interface StoredEntry extends EntryHead {
  /** The query that it is the response to, as one text. */
  readonly label: string;
  readonly value: JsonObject;
  /** `value` as JSON text, when it is at hand. */
  readonly content?: Uint8Array | undefined;
}

/** A stored entry that the service has confirmed since, by responding the same again. */
interface Confirmation {
  /** `requestedAt` of the entry as stored. */
  readonly of: number;
  readonly head: EntryHead;
}

/** Largest difference between two correct clocks; an entry further in the future means that the clock was set back. */
export const clockToleranceMs = 300_000;

/** All entries of one client in a store. */
export class EntryStore {
  readonly ledgerStore: LedgerStore;
  readonly #options: EntryStoreOptions;
  readonly #device: BoundDevice;
  readonly #tag: string;
  readonly #warn: StoreWarning;
  /** By label. Only this process knows of them; the store learns of them when the entry is written again. */
  readonly #confirmations = new Map<string, Confirmation>();

  private constructor(device: BoundDevice, tag: string, options: EntryStoreOptions) {
    const { store, emit, limit } = options;
    this.#options = options;
    this.#device = device;
    this.#tag = tag;
    this.#warn = (message) => emit({ kind: "permissions", message });
    this.ledgerStore = new LedgerStore({
      store,
      emit,
      limit,
      name: this.#ledgerName,
      context: this.#context("ledger"),
      warn: this.#warn,
    });
  }

  /** The entries of a device. No I/O. */
  static async open(device: BoundDevice, options: EntryStoreOptions): Promise<EntryStore> {
    return new EntryStore(device, await clientTag(device), options);
  }

  /** The ledger, with the times of unchanged responses that only this process knows. Read-only. */
  async readLedger(): Promise<Ledger> {
    const stored = await this.ledgerStore.read();
    if (this.#confirmations.size === 0) return stored;
    const ledger = copyLedger(stored);
    for (const [label, { of, head }] of this.#confirmations) {
      const known = ledger.entries.get(label);
      if (known?.requestedAt === of) {
        ledger.entries.set(label, {
          ...known,
          requestedAt: head.requestedAt,
          fetchedAt: head.fetchedAt,
        });
      }
    }
    return ledger;
  }

  /** Reads an entry; `null` when there is none that is intact and as new as the ledger knows it. */
  async get(label: string, ledger: Ledger): Promise<StoredEntry | null> {
    const { store, emit } = this.#options;
    const bytes = await store.read(await entryName(this.#tag, label), this.#warn);
    if (bytes === null) return null;
    const opened = await openEntry(this.#context(label), bytes);
    if (opened === null) {
      const message = `An entry in ${store.description} is damaged or sealed under another key; it is not used.`;
      emit({ kind: "unreadable", message });
      return null;
    }
    const confirmation = this.#confirmations.get(label);
    const head = confirmation?.of === opened.head.requestedAt ? confirmation.head : opened.head;
    if (head.requestedAt <= ledger.deniedAt) return null;
    if (head.requestedAt < (ledger.entries.get(label)?.requestedAt ?? 0)) {
      const message = `An entry in ${store.description} was put back to an older state; it is not used.`;
      emit({ kind: "rolled-back", message });
      return null;
    }
    return { ...head, label, value: opened.value };
  }

  /**
   * Stores entries, each unless a newer one is there already, and enters them in the ledger.
   *
   * @param rewriteAfterMs entries that are stored with the same content are written again only when they were last
   *   written that long ago; until then this process alone knows that they were confirmed. 0 writes always.
   * @returns false when nothing had to be written
   */
  async put(entries: readonly StoredEntry[], rewriteAfterMs: number): Promise<boolean> {
    const contents = await Promise.all(
      entries.map(async (entry) => {
        const content = entry.content ?? utf8Bytes(JSON.stringify(entry.value));
        return { entry, content, contentDigest: await digestOf(content) };
      }),
    );
    if (rewriteAfterMs > 0) {
      const [ledger, ...sealDigests] = await Promise.all([
        this.ledgerStore.readStored(),
        ...entries.map(({ label }) => this.#sealDigest(label)),
      ]);
      const unchanged = contents.map(({ entry, contentDigest }, at) => {
        const digests = { contentDigest, sealDigest: sealDigests[at] };
        return ledger && findUnchanged(ledger, entry, digests, rewriteAfterMs);
      });
      if (unchanged.every((known) => known !== null)) {
        for (const [at, { label, requestedAt, fetchedAt, expiresAt }] of entries.entries()) {
          const of = unchanged[at]?.requestedAt ?? requestedAt;
          this.#confirmations.set(label, { of, head: { requestedAt, fetchedAt, expiresAt } });
        }
        return false;
      }
    }
    await this.#write(contents);
    return true;
  }

  /** Digest of what is stored under a label; `undefined` for nothing, and for a file that others can read. */
  async #sealDigest(label: string): Promise<string | undefined> {
    // Such a file is written again, which makes it private.
    let isExposed = false;
    const bytes = await this.#options.store.read(await entryName(this.#tag, label), () => {
      isExposed = true;
    });
    return bytes === null || isExposed ? undefined : digestOf(bytes);
  }

  async #write(
    contents: readonly { entry: StoredEntry; content: Uint8Array; contentDigest: string }[],
  ): Promise<void> {
    const { store } = this.#options;
    const written: { entry: StoredEntry; bytes: number; contentDigest: string; sealDigest: string }[] = [];
    for (const { entry, content, contentDigest } of contents) {
      const sealed = await sealEntry(this.#context(entry.label), entry, content);
      const sealDigest = await digestOf(sealed);
      let isWritten = false;
      await store.update(await entryName(this.#tag, entry.label), (current) => {
        const head = current && readHead(current);
        isWritten = head === null || !this.#isNewer(head, entry);
        return isWritten ? sealed : null;
      });
      if (isWritten) written.push({ entry, bytes: sealed.length, contentDigest, sealDigest });
    }
    const removed: string[] = [];
    await this.ledgerStore.update((ledger) => {
      removed.length = 0;
      this.#clampFutureTimes(ledger);
      const isNew = written.some(
        ({ entry, contentDigest }) => ledger.entries.get(entry.label)?.contentDigest !== contentDigest,
      );
      if (isNew) ledger.revision++;
      for (const { entry, bytes, contentDigest, sealDigest } of written) {
        const { label, requestedAt, fetchedAt } = entry;
        const known = ledger.entries.get(label);
        // Access was denied while the response was on its way: it must not stay.
        if (requestedAt <= ledger.deniedAt) removed.push(label);
        else if (known === undefined || !this.#isNewer(known, { requestedAt })) {
          const { revision } = ledger;
          ledger.entries.set(label, {
            requestedAt,
            fetchedAt,
            bytes,
            contentDigest,
            sealDigest,
            revision,
          });
        }
      }
      removed.push(...this.#evict(ledger));
    });
    for (const { entry } of written) this.#confirmations.delete(entry.label);
    for (const label of removed) {
      this.#confirmations.delete(label);
      await store.remove(await entryName(this.#tag, label));
    }
  }

  /**
   * Removes everything; with `deniedAt`, also what others are about to store. What can be removed is removed before
   * this fails; after a failure at least this process knows of the denial.
   */
  async clear(deniedAt?: number): Promise<void> {
    if (deniedAt !== undefined) this.ledgerStore.deny(deniedAt);
    this.#confirmations.clear();
    // First, so that what is still being removed is void already.
    const written = this.ledgerStore.update((ledger) => {
      ledger.revision++;
      ledger.entries.clear();
      ledger.changes.clear();
      ledger.listingChangedAt = ledger.foldersChangedAt = 0;
    });
    // A full disk refuses the ledger, and still lets entries be removed.
    const [recorded] = await Promise.allSettled([written]);
    await this.#removeEntries();
    if (recorded.status === "rejected") throw recorded.reason;
  }

  async #removeEntries(): Promise<void> {
    const { store } = this.#options;
    const names = (await store.list(`${this.#tag}-`)).filter((name) => name !== this.#ledgerName);
    // All at once: a store that hangs is waited for once, not once for each.
    await settleAll(names.map((name) => store.remove(name)));
  }

  /** After the clock was set back, times of before would make everything newer look stale. */
  #clampFutureTimes(ledger: Ledger): void {
    const now = this.#options.clock();
    const clamp = (at: number): number => (at > now + clockToleranceMs ? now - 1 : at);
    ledger.deniedAt = clamp(ledger.deniedAt);
    ledger.listingChangedAt = clamp(ledger.listingChangedAt);
    ledger.foldersChangedAt = clamp(ledger.foldersChangedAt);
    for (const [uid, change] of ledger.changes) ledger.changes.set(uid, { ...change, at: clamp(change.at) });
  }

  /** True when the known entry is newer than the other one, by a clock that was not set back since. */
  #isNewer(
    known: Pick<EntryHead, "requestedAt" | "fetchedAt">,
    other: Pick<EntryHead, "requestedAt">,
  ): boolean {
    const isPlausible = known.fetchedAt <= this.#options.clock() + clockToleranceMs;
    return known.requestedAt > other.requestedAt && known.requestedAt <= known.fetchedAt && isPlausible;
  }

  /** Removes the oldest entries beyond the limit from the ledger, full listings and folders last; returns their labels. */
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

  #context(label: string): EntryContext {
    return { appKey: this.#device.appKey, client: clientOf(this.#device), label };
  }
}

/** The ledger's entry with these digests, when nothing newer contradicts it and it need not be written again yet. */
function findUnchanged(
  ledger: Ledger,
  { label, requestedAt, fetchedAt }: StoredEntry,
  { contentDigest, sealDigest }: { contentDigest: string; sealDigest: string | undefined },
  rewriteAfterMs: number,
): LedgerEntry | null {
  const known = ledger.entries.get(label);
  if (known === undefined || known.contentDigest !== contentDigest || known.sealDigest !== sealDigest) {
    return null;
  }
  if (known.revision !== ledger.revision || requestedAt <= ledger.deniedAt) return null;
  const ageMs = fetchedAt - known.fetchedAt;
  return ageMs >= 0 && ageMs < rewriteAfterMs && requestedAt >= known.requestedAt ? known : null;
}

/** 1 for full listings and folders, 0 for the rest. */
function rank(label: string): number {
  return /^(listing|folders)( |$)/.test(label) ? 1 : 0;
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  return encodeBase64Url(await provider.sha256(bytes));
}
