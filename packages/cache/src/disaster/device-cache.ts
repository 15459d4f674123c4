/** What the disaster cache does for one device: keep answers, find them again, write down writes, forget. */
import type { CodedError } from "@ksmkit/common";
import type { ServiceResponse, ServiceCall } from "@ksmkit/core";
import { withoutFileAddresses } from "../protocol/filter-response.ts";
import { changesOf } from "../protocol/changes.ts";
import type { ReadQuery } from "../protocol/read-query.ts";
import type { CacheEventListener } from "../event.ts";
import { findOfficial, saveOfficial } from "../official/official-cache.ts";
import { settleAll } from "../entries/settle-all.ts";
import type { BoundDevice } from "../entries/client-names.ts";
import { clockToleranceMs, EntryStore, type EntryStoreOptions } from "../entries/entry-store.ts";
import type { DisasterCacheOptions } from "./options.ts";
import { assemble, entriesOf, findStored, type StoredResponse } from "./stored-response.ts";

/** A stored answer, or why there is none to give. */
export type Found = { readonly answer: ServiceResponse; readonly ageMs: number } | "missing" | "too-old";

// A change is forgotten when nothing can be stored any more that is older; this many at most are remembered.
const maxChanges = 1_000;

/** The cache of one device. */
export class DeviceCache {
  readonly #device: BoundDevice;
  readonly #options: DisasterCacheOptions;
  readonly #emit: CacheEventListener;
  readonly entries: EntryStore;
  /** The last failure of the service, and until when it is not asked again because of it. */
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

  /** The cache of a device. Touches nothing. */
  static async open(
    device: BoundDevice,
    options: DisasterCacheOptions,
    entryOptions: EntryStoreOptions,
  ): Promise<DeviceCache> {
    return new DeviceCache(device, options, await EntryStore.open(device, entryOptions), entryOptions.emit);
  }

  /** Age in milliseconds from which stored answers are too old. */
  get #maxStaleMs(): number {
    return this.#options.maxStaleMs ?? 604_800_000;
  }

  get #now(): number {
    return (this.#options.clock ?? Date.now)();
  }

  /**
   * The service failed, after so long. It is left alone for as long as that took: in an outage that is slow to show,
   * readers spend half of their time waiting at most, and none in one that shows at once.
   */
  failed(error: CodedError, tookMs: number): void {
    const at = this.#now;
    this.#failure = { error, at, until: at + tookMs };
  }

  /** The service answered. */
  succeeded(): void {
    this.#failure = undefined;
  }

  /** Why the service is left alone at the moment; `undefined` when it is not. */
  get recentFailure(): CodedError | undefined {
    const now = this.#now;
    const failure = this.#failure;
    return failure && now >= failure.at && now < failure.until ? failure.error : undefined;
  }

  /** The time stamp for a call that starts now: later than every change that is over. */
  requestedAt(): number {
    const now = this.#now;
    return this.#changedAt >= now && this.#changedAt <= now + clockToleranceMs ? this.#changedAt + 1 : now;
  }

  /** Stores what the service answered to a call of that time stamp. */
  async keep(query: ReadQuery, answer: ServiceResponse, requestedAt: number): Promise<void> {
    const { json, source } = answer;
    const { official } = this.#options;
    // What another cache answered is only as new as it says.
    const asked = source === "service" ? requestedAt : Math.min(requestedAt, answer.fetchedAt);
    const fetchedAt = Math.max(asked, answer.fetchedAt);
    const times = { requestedAt: asked, fetchedAt, expiresAt: fetchedAt + this.#maxStaleMs };
    await this.entries.put(entriesOf(query, { ...times, value: json }));
    // The file has no ledger: what was asked for before the last change, or denial, must not look newer than it.
    const current = asked > this.#changedAt || this.#changedAt > this.#now + clockToleranceMs;
    if (query.kind === "listing" && official?.writable && current)
      await saveOfficial(official, json, this.#warn);
  }

  /** The best stored answer that is allowed to be served, at most `maxAgeMs` old when that is given. */
  async find(query: ReadQuery, maxAgeMs?: number): Promise<Found> {
    const failOpen = this.#options.beyondMaxStale === "fail-open";
    const stored = await this.#findAnywhere(query, !failOpen, maxAgeMs !== undefined);
    if (stored === null) return "missing";
    const now = this.#now;
    const age = now - stored.fetchedAt;
    const ageMs = Math.max(0, age);
    // An age that cannot be told, because the clock was set back, is not known to be young.
    const limit = Math.min(stored.expiresAt, stored.fetchedAt + this.#maxStaleMs);
    const tooOld = now >= limit || age < -clockToleranceMs;
    if (now >= stored.accessEndsAt) return "missing";
    if (maxAgeMs !== undefined) {
      if (ageMs > maxAgeMs || tooOld || stored.stale) return "too-old";
    } else if (tooOld) {
      const why =
        age < -clockToleranceMs ? "of unknown age, for the clock was set back" : `${seconds(ageMs)} s old`;
      const fate = failOpen ? "it is given because of fail-open" : "it is not given";
      this.#emit({ kind: "too-old", message: `The stored answer is ${why}; ${fate}.`, ageMs });
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
    return { answer: { json, source: "cache", fetchedAt: stored.fetchedAt }, ageMs };
  }

  /** Writes down what a write has changed, or may have changed. */
  async recordWrite(call: ServiceCall, sure: boolean): Promise<void> {
    const { uids, listing, folders } = changesOf(call);
    if (uids.length === 0 && !listing && !folders) return;
    const at = (this.#changedAt = this.requestedAt());
    await this.entries.note((ledger) => {
      for (const uid of uids) {
        const before = ledger.changes.get(uid);
        ledger.changes.delete(uid);
        // What is sure stays so: a later doubt does not bring the old content back.
        ledger.changes.set(uid, { at, sure: sure || before?.sure === true });
      }
      for (const [uid, change] of ledger.changes) {
        if (ledger.changes.size > maxChanges || change.at < at - this.#maxStaleMs) ledger.changes.delete(uid);
      }
      if (listing) ledger.listingChangedAt = at;
      if (folders) ledger.foldersChangedAt = at;
    });
  }

  /** Removes everything, after the service has denied access: what can be, also when something else cannot. */
  async purge(): Promise<void> {
    this.#changedAt = this.requestedAt();
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
    if (stored !== null) return isWhole(stored, query) ? stored : null;
    const { official } = this.#options;
    if (official === undefined || ownOnly) return null;
    const entry = await findOfficial(official, this.#device.appKey, query, this.#warn);
    if (entry === null) return null;
    // The file knows nothing of this application's writes, nor of a denial; the ledger does.
    const ledger = await this.entries.ledger();
    if (entry.requestedAt <= ledger.deniedAt) return null;
    const answer = assemble([entry], ledger, query, { withhold });
    return answer && isWhole(answer, query) ? answer : null;
  }
}

/** A record that was asked for and is left out, or unknown, is not "not there": better no answer. */
function isWhole({ withheld, unknown }: StoredResponse, { kind }: ReadQuery): boolean {
  return kind !== "records" || (withheld.length === 0 && unknown.length === 0);
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
