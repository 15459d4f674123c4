/** What the disaster cache does for one device: keep answers, find them again, write down writes, forget. */
import type { CodedError } from "@ksmkit/common";
import type { ServiceResponse, ServiceCall } from "@ksmkit/core";
import { withoutFileAddresses } from "../protocol/filter-response.ts";
import { changesOf } from "../protocol/changes.ts";
import type { Question } from "../protocol/read-query.ts";
import type { NoticeListener } from "../event.ts";
import { findOfficial, saveOfficial } from "../official/official-cache.ts";
import { allDone } from "../entries/settle-all.ts";
import type { BoundDevice } from "../entries/client-names.ts";
import { clockToleranceMs, Shelf, type ShelfOptions } from "../entries/entry-store.ts";
import type { DisasterCacheOptions } from "./options.ts";
import { assemble, entriesOf, findStored, type StoredAnswer } from "./stored-response.ts";

/** A stored answer, or why there is none to give. */
export type Found = { readonly answer: ServiceResponse; readonly ageMs: number } | "missing" | "too-old";

// A change is forgotten when nothing can be stored any more that is older; this many at most are remembered.
const maxChanges = 1_000;

/** The cache of one device. */
export class DeviceCache {
  readonly #device: BoundDevice;
  readonly #options: DisasterCacheOptions;
  readonly #notice: NoticeListener;
  readonly shelf: Shelf;
  /** The last failure of the service, and until when it is not asked again because of it. */
  #failure: { readonly error: CodedError; readonly at: number; readonly until: number } | undefined;
  /** When this process last changed something, or was denied access. */
  #changedAt = 0;

  private constructor(
    device: BoundDevice,
    options: DisasterCacheOptions,
    shelf: Shelf,
    notice: NoticeListener,
  ) {
    this.#device = device;
    this.#options = options;
    this.#notice = notice;
    this.shelf = shelf;
  }

  /** The cache of a device. Touches nothing. */
  static async open(
    device: BoundDevice,
    options: DisasterCacheOptions,
    shelfOptions: ShelfOptions,
  ): Promise<DeviceCache> {
    return new DeviceCache(device, options, await Shelf.open(device, shelfOptions), shelfOptions.notice);
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
  askedAt(): number {
    const now = this.#now;
    return this.#changedAt >= now && this.#changedAt <= now + clockToleranceMs ? this.#changedAt + 1 : now;
  }

  /** Stores what the service answered to a call of that time stamp. */
  async keep(question: Question, answer: ServiceResponse, askedAt: number): Promise<void> {
    const { json, source } = answer;
    const { official } = this.#options;
    // What another cache answered is only as new as it says.
    const asked = source === "service" ? askedAt : Math.min(askedAt, answer.fetchedAt);
    const fetchedAt = Math.max(asked, answer.fetchedAt);
    const times = { askedAt: asked, fetchedAt, expiresAt: fetchedAt + this.#maxStaleMs };
    await this.shelf.put(entriesOf(question, { ...times, value: json }));
    // The file has no ledger: what was asked for before the last change, or denial, must not look newer than it.
    const current = asked > this.#changedAt || this.#changedAt > this.#now + clockToleranceMs;
    if (question.kind === "listing" && official?.writable && current) await saveOfficial(official, json);
  }

  /** The best stored answer that is allowed to be served, at most `maxAgeMs` old when that is given. */
  async find(question: Question, maxAgeMs?: number): Promise<Found> {
    const failOpen = this.#options.beyondMaxStale === "fail-open";
    const stored = await this.#findAnywhere(question, !failOpen, maxAgeMs !== undefined);
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
      this.#notice({ kind: "too-old", message: `The stored answer is ${why}; ${fate}.`, ageMs });
      if (!failOpen) return "too-old";
    }
    if (stored.unledgered) {
      const { description } = this.#options.store;
      const message = `The ledger in ${description} is missing or damaged: writes and a denial since are not known.`;
      this.#notice({ kind: "unreadable", message });
    }
    if (stored.withheld.length > 0) {
      const message = `Left out, because this application changed them since: ${stored.withheld.join(", ")}.`;
      this.#notice({ kind: "withheld", message });
    }
    const json = question.kind === "folders" ? stored.json : withoutFileAddresses(stored.json);
    return { answer: { json, source: "cache", fetchedAt: stored.fetchedAt }, ageMs };
  }

  /** Writes down what a write has changed, or may have changed. */
  async noteWrite(call: ServiceCall, sure: boolean): Promise<void> {
    const { uids, listing, folders } = changesOf(call);
    if (uids.length === 0 && !listing && !folders) return;
    const at = (this.#changedAt = this.askedAt());
    await this.shelf.note((ledger) => {
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
    this.#changedAt = this.askedAt();
    await allDone([this.shelf.clear(this.#changedAt), this.#options.official?.remove() ?? Promise.resolve()]);
    this.#notice({
      kind: "purged",
      message: "The service denied access; everything stored for this client is removed.",
    });
  }

  async #findAnywhere(question: Question, withhold: boolean, ownOnly: boolean): Promise<StoredAnswer | null> {
    const stored = await findStored(this.shelf, question, { withhold });
    if (stored !== null) return isWhole(stored, question) ? stored : null;
    const { official } = this.#options;
    if (official === undefined || ownOnly) return null;
    const warn = (message: string): void => this.#notice({ kind: "permissions", message });
    const entry = await findOfficial(official, this.#device.appKey, question, warn);
    if (entry === null) return null;
    // The file knows nothing of this application's writes, nor of a denial; the ledger does.
    const ledger = await this.shelf.ledger();
    if (entry.askedAt <= ledger.deniedAt) return null;
    const answer = assemble([entry], ledger, question, { withhold });
    return answer && isWhole(answer, question) ? answer : null;
  }
}

/** A record that was asked for and is left out, or unknown, is not "not there": better no answer. */
function isWhole({ withheld, unknown }: StoredAnswer, { kind }: Question): boolean {
  return kind !== "records" || (withheld.length === 0 && unknown.length === 0);
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
