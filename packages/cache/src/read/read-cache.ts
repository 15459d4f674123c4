/** Reads from memory: opened once, returned many times, without input, output or cryptography. */
import { Redacted, SingleFlight, type WaitOptions } from "@ksmkit/common";
import type {
  Middleware,
  Freshness,
  FoldersResult,
  KsmFile,
  KsmRecord,
  ReadOptions,
  SecretsQuery,
  SecretsResult,
} from "@ksmkit/core";
import { endedError } from "@ksmkit/core/middleware";
import { checkRecordUid, findByTitle, pickRecord, pickRecordByTitle } from "@ksmkit/core/pick-record";
import { changesOf, type Changes } from "../protocol/changes.ts";
import { isDenial, isOutage, maxRetryMs } from "../protocol/outage.ts";
import { safeListener, type CacheEventListener } from "../event.ts";
import { requireOptions } from "../errors/cache-error.ts";
import {
  queryChecks,
  readCacheSettings,
  readChecks,
  type ReadCacheOptions,
  type ReadCacheSettings,
  type SecretsReader,
} from "./options.ts";
import { requestedUidsOf, foldersKey, queryKey, recordKey } from "./query-key.ts";
import { isFresh, newEntry, type ReadEntry, type ReadResult } from "./read-entry.ts";
import { ReadMemory } from "./read-memory.ts";
import { freezeResult } from "./shared-result.ts";

/** What a {@link ReadCache} returns: shared with other readers and therefore read-only. */
export type Shared<T extends ReadResult> = {
  readonly [K in keyof T]: T[K] extends (infer E)[] ? readonly E[] : T[K];
};

/** Numbers of a {@link ReadCache}. */
export interface ReadCacheStatus {
  /** Results in memory. */
  readonly entries: number;
  /** Records in them. */
  readonly records: number;
  readonly hits: number;
  readonly misses: number;
  /** Reads that got a result past its time, because of `staleWhileRevalidateMs` or `staleIfErrorMs`. */
  readonly stale: number;
}

// Between attempts to read again during an outage: doubled each time, up to the last.
const firstRetryMs = 1_000;
const lastRetryMs = 30_000;

/**
 * Reads through a client and remembers its results, each for a time of its own.
 *
 * - A hit touches nothing but memory. Many readers of the same share one call.
 * - Records are shared between readers and therefore frozen. To change one, read it with `fresh: true`, which goes
 *   past the cache and returns an object of your own.
 * - A write through the same client drops the results that it outdates.
 * - A read that is denied access drops everything, a `fresh` one and one of the client itself included. A denied write
 *   may concern a record that is read-only: the next read asks the service, whatever the age of the result.
 *
 * @example
 * ```ts
 * const secrets = new ReadCache({ ttlMs: 30_000, client: (watch) => new SecretsEditor({ storage, middleware: watch }) });
 * const record = await secrets.getRecord(uid); // from memory, for half a minute
 * const password = await getNotationText(secrets, "keeper://Orders database/field/password");
 * ```
 */
export class ReadCache<C extends SecretsReader = SecretsReader> extends Redacted {
  /** The client that is read through; its own methods go past the cache. */
  readonly client: C;
  readonly #settings: ReadCacheSettings;
  readonly #memory: ReadMemory;
  readonly #emit: CacheEventListener;
  readonly #flights = new Map<string, SingleFlight<ReadEntry>>();
  /** True after a denied write, until the service has responded to a read: the denial may concern the record, or all. */
  #accessUncertain = false;
  #hits = 0;
  #misses = 0;
  #stale = 0;

  /** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
  constructor(options: ReadCacheOptions<C>) {
    super();
    this.#settings = readCacheSettings(options);
    this.#memory = new ReadMemory(this.#settings);
    this.#emit = safeListener(options.onEvent);
    this.client = typeof options.client === "function" ? options.client(this.#watch) : options.client;
  }

  /** Like {@link SecretsManager.getSecrets}; `lazy` has no effect, since what is shared is opened once. */
  async getSecrets(query: SecretsQuery = {}): Promise<Shared<SecretsResult>> {
    requireOptions(query, queryChecks, "getSecrets");
    if (query.fresh) return this.#clearOnDenial(this.client.getSecrets(query));
    const hit = this.#hit(queryKey(query)) ?? this.#fromListing(query);
    if (hit !== undefined) return hit as Shared<SecretsResult>;
    return this.#read(queryKey(query), requestedUidsOf(query), query, async () => {
      const { uids, folderUids, links, keepDuplicates } = query;
      return this.client.getSecrets({ uids, folderUids, links, keepDuplicates });
    });
  }

  /** Like {@link SecretsManager.getRecord}. */
  async getRecord(uid: string, options: Omit<SecretsQuery, "uids" | "folderUids"> = {}): Promise<KsmRecord> {
    checkRecordUid(uid);
    requireOptions(options, queryChecks, "getRecord");
    if (options.fresh !== true && options.keepDuplicates !== true) {
      const flags = options.links === true ? "l" : "";
      const now = this.#settings.clock();
      const record =
        this.#freshRecord(recordKey(uid, flags), uid, now) ??
        this.#freshRecord(recordKey("", flags), uid, now);
      if (record !== undefined) return record;
    }
    return pickRecord(await this.getSecrets({ ...options, uids: uid }), uid);
  }

  /** Like {@link SecretsManager.getRecordsByTitle}, from the full listing. */
  async getRecordsByTitle(title: string, options: SecretsQuery = {}): Promise<KsmRecord[]> {
    const { records } = await this.getSecrets(options);
    return findByTitle(records, title);
  }

  /**
   * Like {@link SecretsManager.getRecordByTitle}, from the full listing.
   *
   * @throws {@link RecordError} `ERR_KSM_RECORD_NOT_FOUND`, `ERR_KSM_RECORD_AMBIGUOUS`
   */
  async getRecordByTitle(title: string, options: SecretsQuery = {}): Promise<KsmRecord> {
    return pickRecordByTitle(await this.getSecrets(options), title);
  }

  /** Like {@link SecretsManager.getFolders}. */
  async getFolders(options: ReadOptions = {}): Promise<Shared<FoldersResult>> {
    requireOptions(options, readChecks, "getFolders");
    if (options.fresh) return this.#clearOnDenial(this.client.getFolders(options));
    const hit = this.#hit(foldersKey);
    if (hit !== undefined) return hit as Shared<FoldersResult>;
    return this.#read(foldersKey, undefined, options, async () => this.client.getFolders({}));
  }

  /** Like {@link SecretsManager.downloadFile}; content is not kept. */
  downloadFile(file: KsmFile, options: WaitOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.client.downloadFile(file, options);
  }

  /** Drops every result that holds a record, or was requested for it. Reads in progress are not stored. */
  invalidate(uid: string): void {
    this.#forget({ uids: [uid], listing: false, folders: false });
  }

  /** Drops everything. */
  clear(): void {
    this.#accessUncertain = false;
    this.#flights.clear();
    this.#memory.clear();
  }

  /** Counts of entries, records, hits and misses. */
  status(): ReadCacheStatus {
    let entries = 0;
    let records = 0;
    for (const entry of this.#memory.values()) {
      entries++;
      records += entry.records.size;
    }
    return { entries, records, hits: this.#hits, misses: this.#misses, stale: this.#stale };
  }

  /** What printing shows. */
  override toJSON(): unknown {
    const { entries, records } = this.status();
    return `ReadCache { entries: ${entries}, records: ${records} }`;
  }

  /** Same as {@link clear}: ends all timers. */
  [Symbol.dispose](): void {
    this.clear();
  }

  /** Observes the calls of the client: what its writes change, and that it is denied access. */
  readonly #watch: Middleware = async (call, next) => {
    if (call.kind !== "write") {
      const answer = await this.#clearOnDenial(next(call));
      if (call.kind === "read" && answer.source === "service") this.#accessUncertain = false;
      return answer;
    }
    const changes = changesOf(call);
    this.#forget(changes);
    try {
      return await next(call);
    } catch (error) {
      if (isDenial(error)) this.#accessUncertain = true;
      throw error;
    } finally {
      // With any outcome: a read in the meantime may have seen either state.
      this.#forget(changes);
    }
  };

  /** Drops everything when the work is denied access, whichever caller it is for. */
  async #clearOnDenial<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (isDenial(error)) this.clear();
      throw error;
    }
  }

  #forget(changes: Changes): void {
    this.#flights.clear();
    this.#memory.forget(changes);
  }

  #freshRecord(key: string, uid: string, now: number): KsmRecord | undefined {
    const entry = this.#memory.get(key);
    if (entry === undefined || this.#accessUncertain || !isFresh(entry, now)) return undefined;
    const record = entry.records.get(uid);
    if (record === undefined) return undefined;
    entry.usedAt = now;
    this.#hits++;
    return record;
  }

  /** The result under a key, if it may be returned at once. */
  #hit(key: string): Shared<ReadResult> | undefined {
    const entry = this.#memory.get(key);
    if (entry === undefined || this.#accessUncertain) return undefined;
    const now = this.#settings.clock();
    if (!isFresh(entry, now)) return undefined;
    entry.usedAt = now;
    this.#hits++;
    return toResult(entry, now);
  }

  /** One record out of the full listing. */
  #fromListing({ uids, folderUids, links, keepDuplicates }: SecretsQuery): Shared<SecretsResult> | undefined {
    const uid = typeof uids === "string" ? uids : uids?.length === 1 ? uids[0] : undefined;
    if (!uid || folderUids !== undefined || keepDuplicates) return undefined;
    const key = recordKey("", links ? "l" : "");
    const now = this.#settings.clock();
    const record = this.#freshRecord(key, uid, now);
    const listing = this.#memory.get(key);
    if (record === undefined || listing === undefined) return undefined;
    // Problems of other records do not concern this one.
    return { ...(toResult(listing, now) as Shared<SecretsResult>), records: [record], problems: [] };
  }

  async #read<T extends ReadResult>(
    key: string,
    requestedUids: readonly string[] | undefined,
    wait: WaitOptions,
    load: () => Promise<T>,
  ): Promise<Shared<T>> {
    const { clock } = this.#settings;
    const entry = this.#memory.get(key);
    const now = clock();
    // Shortly after a failure, a reader does not wait for the next one.
    const isBackingOff = entry !== undefined && now < entry.retryAt && now < entry.errorUntil;
    if (
      entry !== undefined &&
      now >= entry.madeAt &&
      (isBackingOff || (now < entry.revalidateUntil && !this.#accessUncertain))
    ) {
      this.#stale++;
      entry.usedAt = now;
      if (now >= entry.retryAt) void this.#refresh(key, requestedUids, load);
      return toResult(entry, now) as Shared<T>;
    }
    this.#misses++;
    try {
      const loaded = await this.#flight(key, requestedUids, load).join(wait, (deadline) =>
        endedError(endpointOf(key), deadline),
      );
      return toResult(loaded, undefined) as Shared<T>;
    } catch (error) {
      const after = clock();
      if (
        entry === undefined ||
        !isOutage(error) ||
        after >= entry.errorUntil ||
        this.#memory.get(key) !== entry
      ) {
        throw error;
      }
      this.#stale++;
      const ageMs = Math.max(0, after - entry.result.freshness.fetchedAt);
      const message = `Refreshing failed (${error.code}); a result from memory is returned.`;
      this.#emit({ kind: "served", message, ageMs, code: error.code, cause: error });
      return toResult(entry, after) as Shared<T>;
    }
  }

  /** Reads again in the background. */
  async #refresh(
    key: string,
    requestedUids: readonly string[] | undefined,
    load: () => Promise<ReadResult>,
  ): Promise<void> {
    try {
      await this.#flight(key, requestedUids, load).join({});
    } catch (cause) {
      const message = "Refreshing in the background failed; the result in memory is returned for now.";
      this.#emit({ kind: "refresh-failed", message, cause });
    }
  }

  /** The call for a key that is in progress, or a new one where every caller of that one has gone. Its result is stored unless something changed meanwhile. */
  #flight(
    key: string,
    requestedUids: readonly string[] | undefined,
    load: () => Promise<ReadResult>,
  ): SingleFlight<ReadEntry> {
    const underWay = this.#flights.get(key);
    if (underWay !== undefined && !underWay.isGivenUp) return underWay;
    const current = (): boolean => this.#flights.get(key) === flight;
    const flight: SingleFlight<ReadEntry> = new SingleFlight(async () => {
      try {
        const entry = newEntry(
          key,
          freezeResult(await this.#clearOnDenial(load())),
          requestedUids,
          this.#settings,
        );
        if (current()) this.#memory.set(entry);
        return entry;
      } catch (error) {
        const entry = this.#memory.get(key);
        if (entry !== undefined && current() && isOutage(error)) this.#delay(entry, error);
        throw error;
      } finally {
        if (current()) this.#flights.delete(key);
      }
    });
    this.#flights.set(key, flight);
    return flight;
  }

  /** Delays the next attempt. */
  #delay(entry: ReadEntry, error: object): void {
    const named = "retryAfterMs" in error ? Number(error.retryAfterMs) : 0;
    const own = Math.min(lastRetryMs, firstRetryMs * 2 ** entry.failures++);
    entry.retryAt = this.#settings.clock() + Math.max(own, Math.min(named, maxRetryMs) || 0);
  }
}

/** What a reader gets: the shared result with its age now; for the first reader, as the client returned it. */
function toResult(entry: ReadEntry, now: number | undefined): Shared<ReadResult> {
  if (now === undefined) return entry.result;
  const { fetchedAt } = entry.result.freshness;
  const freshness: Freshness = { source: "cache", fetchedAt, ageMs: Math.max(0, now - fetchedAt) };
  return { ...entry.result, freshness };
}

/** The endpoint that messages name. */
function endpointOf(key: string): string {
  return key === foldersKey ? "get_folders" : "get_secret";
}
