/** What the disaster cache does for one device: save responses, find them again, record writes, purge. */
import type { CodedError } from "@ksmkit/common";
import type { ServiceCall, ServiceResponse } from "@ksmkit/core";
import type { BoundDevice } from "../entries/client-names.ts";
import { namedRetryMs } from "../protocol/outage.ts";
import { clockToleranceMs, EntryStore, type EntryStoreOptions } from "../entries/entry-store.ts";
import { settleAll } from "../entries/settle-all.ts";
import type { CacheEventListener } from "../event.ts";
import { findOfficial, saveOfficial } from "../official/official-cache.ts";
import { changesOf } from "../protocol/changes.ts";
import { holdsFiles, withoutFileAddresses } from "../protocol/filter-response.ts";
import type { ReadQuery } from "../protocol/read-query.ts";
import { defaultMaxStaleMs, rewriteAfterMs, type DisasterCacheOptions } from "./options.ts";
import { assemble, entriesOf, findStored, type StoredResponse } from "./stored-response.ts";

/** A stored response, or why there is none. */
export type Found = { readonly response: ServiceResponse; readonly ageMs: number } | "missing" | "too-old";

// Changes older than anything that can be stored are dropped; this many are kept at most.
const maxChanges = 1_000;

/** The cache of one device. */
export class DeviceCache {
  readonly entries: EntryStore;
  readonly #device: BoundDevice;
  readonly #options: DisasterCacheOptions;
  readonly #emit: CacheEventListener;
  /** The last failure of the service, and until when the service is not asked again because of it. */
  #failure: { readonly error: CodedError; readonly at: number; readonly until: number } | undefined;
  /** When this process last changed something, or was denied access. */
  #changedAt = 0;

  private constructor(
    device: BoundDevice,
    options: DisasterCacheOptions,
    entries: EntryStore,
    emit: CacheEventListener,
  ) {
    this.#device = device;
    this.#options = options;
    this.#emit = emit;
    this.entries = entries;
  }

  /** The cache of a device. No I/O. */
  static async open(
    device: BoundDevice,
    options: DisasterCacheOptions,
    entryOptions: EntryStoreOptions,
  ): Promise<DeviceCache> {
    const entries = await EntryStore.open(device, entryOptions);
    return new DeviceCache(device, options, entries, entryOptions.emit);
  }

  /** Age in milliseconds from which stored responses are too old. */
  get #maxStaleMs(): number {
    return this.#options.maxStaleMs ?? defaultMaxStaleMs;
  }

  get #now(): number {
    return (this.#options.clock ?? Date.now)();
  }

  /**
   * Records that the service failed after `tookMs`. It is not asked again for as long, or for as long as it asked for:
   * in an outage that is slow to show, readers wait for half of their time at most, and not at all in one that shows
   * at once.
   */
  recordFailure(error: CodedError, tookMs: number): void {
    const at = this.#now;
    this.#failure = { error, at, until: at + Math.max(tookMs, namedRetryMs(error)) };
  }

  /** Records that the service responded. */
  recordSuccess(): void {
    this.#failure = undefined;
  }

  /** Why the service is not asked at the moment; `undefined` when it is. */
  get recentFailure(): CodedError | undefined {
    const now = this.#now;
    const failure = this.#failure;
    return failure && now >= failure.at && now < failure.until ? failure.error : undefined;
  }

  /** The time stamp for a request that starts now: later than every change that has ended. */
  nextRequestTime(): number {
    const now = this.#now;
    return this.#changedAt >= now && this.#changedAt <= now + clockToleranceMs ? this.#changedAt + 1 : now;
  }

  /**
   * Stores the response to a request of that time stamp.
   *
   * @param always writes an unchanged response too, instead of once a minute at most
   */
  async save(
    query: ReadQuery,
    response: ServiceResponse,
    requestTime: number,
    always = false,
  ): Promise<void> {
    const { json, source, received } = response;
    const { official } = this.#options;
    // A response of another cache is only as new as that cache says.
    const requestedAt = source === "service" ? requestTime : Math.min(requestTime, response.fetchedAt);
    const fetchedAt = Math.max(requestedAt, response.fetchedAt);
    // Addresses of files are never served from the store, and differ in every response.
    const value = holdsFiles(json) ? withoutFileAddresses(json) : json;
    const content = received?.json === value ? received.bytes : undefined;
    const times = { requestedAt, fetchedAt, expiresAt: fetchedAt + this.#maxStaleMs };
    const isRewritten = always || source !== "service";
    const writesOfficial = query.kind === "listing" && official?.writable === true;
    const wasWritten = await this.entries.put(
      entriesOf(query, { ...times, value, content }),
      isRewritten ? 0 : rewriteAfterMs(this.#options),
    );
    // The file has no ledger: what was requested before the last change, or denial, must not look newer than it.
    const isCurrent = requestedAt > this.#changedAt || this.#changedAt > this.#now + clockToleranceMs;
    if (wasWritten && writesOfficial && isCurrent) await saveOfficial(official, json, this.#warn);
  }

  /** The best stored response that may be served, at most `maxAgeMs` old when that is given. */
  async find(query: ReadQuery, maxAgeMs?: number): Promise<Found> {
    const failOpen = this.#options.beyondMaxStale === "fail-open";
    const stored = await this.#findAnywhere(query, !failOpen, maxAgeMs !== undefined);
    if (stored === null) return "missing";
    const now = this.#now;
    const age = now - stored.fetchedAt;
    const ageMs = Math.max(0, age);
    // An unknown age, because the clock was set back, is not known to be young.
    const limit = Math.min(stored.expiresAt, stored.fetchedAt + this.#maxStaleMs);
    const tooOld = now >= limit || age < -clockToleranceMs;
    if (now >= stored.accessEndsAt) return "missing";
    if (maxAgeMs !== undefined) {
      if (ageMs > maxAgeMs || tooOld || stored.stale) return "too-old";
    } else if (tooOld) {
      const reason =
        age < -clockToleranceMs
          ? "of unknown age, because the clock was set back"
          : `${seconds(ageMs)} s old`;
      const consequence = failOpen ? "it is returned because of fail-open" : "it is not returned";
      this.#emit({ kind: "too-old", message: `The stored response is ${reason}; ${consequence}.`, ageMs });
      if (!failOpen) return "too-old";
    }
    if (stored.ledgerMissing) {
      const { description } = this.#options.store;
      const message = `The ledger in ${description} is missing or damaged: writes and a denial since are not known.`;
      this.#emit({ kind: "unreadable", message });
    }
    if (stored.withheld.length > 0) {
      const message = `Left out, because this application changed them since: ${stored.withheld.join(", ")}.`;
      this.#emit({ kind: "withheld", message });
    }
    const json = query.kind === "folders" ? stored.json : withoutFileAddresses(stored.json);
    return { response: { json, source: "cache", fetchedAt: stored.fetchedAt }, ageMs };
  }

  /** Records what a write has changed, or may have changed. */
  async recordWrite(call: ServiceCall, sure: boolean): Promise<void> {
    const { uids, listing, folders } = changesOf(call);
    if (uids.length === 0 && !listing && !folders) return;
    const at = (this.#changedAt = this.nextRequestTime());
    await this.entries.ledgerStore.update((ledger) => {
      ledger.revision++;
      for (const uid of uids) {
        const before = ledger.changes.get(uid);
        ledger.changes.delete(uid);
        // A sure change stays sure: a later doubt does not bring the old content back.
        ledger.changes.set(uid, { at, sure: sure || before?.sure === true });
      }
      for (const [uid, change] of ledger.changes) {
        if (ledger.changes.size > maxChanges || change.at < at - this.#maxStaleMs) ledger.changes.delete(uid);
      }
      if (listing) ledger.listingChangedAt = at;
      if (folders) ledger.foldersChangedAt = at;
    });
  }

  /** Removes everything after the service has denied access: what can be removed, also when something else cannot. */
  async purge(): Promise<void> {
    this.#changedAt = this.nextRequestTime();
    await settleAll([
      this.entries.clear(this.#changedAt),
      this.#options.official?.remove() ?? Promise.resolve(),
    ]);
    this.#emit({
      kind: "purged",
      message: "The service denied access; everything stored for this client is removed.",
    });
  }

  readonly #warn = (message: string): void => this.#emit({ kind: "permissions", message });

  async #findAnywhere(query: ReadQuery, withhold: boolean, ownOnly: boolean): Promise<StoredResponse | null> {
    const stored = await findStored(this.entries, query, { withhold });
    if (stored !== null) return isComplete(stored, query) ? stored : null;
    const { official } = this.#options;
    if (official === undefined || ownOnly) return null;
    const entry = await findOfficial(official, this.#device.appKey, query, this.#warn);
    if (entry === null) return null;
    // The file contains neither this application's writes nor a denial; the ledger does.
    const ledger = await this.entries.readLedger();
    if (entry.requestedAt <= ledger.deniedAt) return null;
    const response = assemble([entry], ledger, query, { withhold });
    return response && isComplete(response, query) ? response : null;
  }
}

/** A requested record that is withheld, or unknown, is not "not there": no response is better. */
function isComplete({ withheld, unknown }: StoredResponse, { kind }: ReadQuery): boolean {
  return kind !== "records" || (withheld.length === 0 && unknown.length === 0);
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
