/** One request to the service for a whole fleet: responses are shared, sealed, and refreshed by one replica at a time. */
import {
  Deadline,
  encodeHex,
  platformRandom,
  platformSleep,
  Redacted,
  SingleFlight,
  utf8Bytes,
  type CodedError,
  type Random,
} from "@ksmkit/common";
import type { Middleware, Next, ServiceCall, ServiceResponse } from "@ksmkit/core";
import { endedError } from "@ksmkit/core/middleware";
import { clientOf, clientTag, entryName } from "../entries/client-names.ts";
import { sealEntry } from "../entries/sealed-entry.ts";
import { safeListener, type CacheEventListener } from "../event.ts";
import { accessEndsAt } from "../protocol/filter-response.ts";
import {
  isAccessRevoked,
  isDenial,
  isOutage,
  maxRetryMs,
  mayHaveTakenEffect,
  minRetryMs,
  retryDelayMs,
} from "../protocol/outage.ts";
import { readQueryOf } from "../protocol/read-query.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { ageOf, LocalCache, responseOf, type LocalEntry } from "./local-cache.ts";
import { newestEntry } from "./newest-entry.ts";
import { checkSharedOptions, type SharedCacheOptions } from "./options.ts";
import { withRemainingTime, type SharedRead } from "./shared-read.ts";
import type { SharedLease, SharedStore, SharedView } from "./shared-store.ts";

const [firstPollMs, lastPollMs, maxPolls] = [10, 200, 1_000];
/** Replicas that may ask the service at the same time besides the one that holds the lease. */
const extraReaders = 8;
/** Epoch of a response that was read without the store. */
const unknownEpoch = -1;

/**
 * Stands between the clients of a fleet and the service. Within `ttlMs` of a response no replica asks the service;
 * after that one does, and the others get the old response, or wait for the new one where there is none.
 *
 * - The store holds ciphertext under a key derived from the application key; replicas share responses when they use the
 *   same device configuration.
 * - A store that is slow, gone, flushed, damaged or failed over never fails a read: the service is asked, once per
 *   process.
 * - A write of any replica makes all shared responses of its client stale. Denied access removes them.
 * - Every wait ends with the caller's time limit and signal.
 *
 * @example
 * ```ts
 * const shared = new SharedCache({ store: redisSharedStore({ client }), ttlMs: 10_000 });
 * const manager = new SecretsManager({ storage, middleware: shared.middleware });
 * ```
 */
export class SharedCache extends Redacted {
  readonly #options: SharedCacheOptions;
  readonly #breaker: CircuitBreaker;
  readonly #local: LocalCache;
  readonly #emit: CacheEventListener;
  readonly #random: Random;
  readonly #flights = new Map<string, SingleFlight<ServiceResponse>>();
  /** Clients whose last change has not reached the store. */
  readonly #unsentChanges = new Set<string>();

  /** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
  constructor(options: SharedCacheOptions) {
    super();
    checkSharedOptions(options);
    const { store, storeTimeoutMs: timeoutMs = 250, storePauseMs: pauseMs = 5_000 } = options;
    const { clock = Date.now, sleep = platformSleep } = options;
    this.#options = options;
    this.#emit = safeListener(options.onEvent);
    this.#random = options.random ?? platformRandom;
    this.#local = new LocalCache(options.maxLocal ?? 100);
    this.#breaker = new CircuitBreaker({ store, timeoutMs, pauseMs, clock, sleep, emit: this.#emit });
  }

  /** Goes into the `middleware` option of the client, before a `DisasterCache`. One cache may serve several clients. */
  readonly middleware: Middleware = async (call, next) => {
    const { appKey } = call.device;
    if (appKey === undefined || call.kind === "bind") return next(call);
    const deadline = new Deadline(call.wait);
    try {
      const tag = await clientTag(call.device);
      if (call.kind === "write") return await this.#write(tag, call, next, deadline);
      const query = readQueryOf(call);
      if (query === null || call.fresh || call.context !== undefined) {
        return await this.#ask(tag, call, next, deadline);
      }
      const label = `shared ${query.text}`;
      const context = { appKey, client: clientOf(call.device), label };
      const name = await entryName(tag, label);
      const read = { call, next, deadline, tag, name, context, query };
      if (this.#unsentChanges.has(tag)) {
        await this.#change(tag, deadline);
        if (this.#unsentChanges.has(tag)) return await this.#withoutStore(read, unknownEpoch);
      }
      return await this.#read(read);
    } finally {
      deadline.stop();
    }
  };

  /** What printing shows. */
  override toJSON(): unknown {
    return `SharedCache { store: ${this.#options.store.description} }`;
  }

  get #now(): number {
    return (this.#options.clock ?? Date.now)();
  }

  get #ttlMs(): number {
    return this.#options.ttlMs ?? 10_000;
  }

  /** Age in milliseconds up to which a response may be returned at all. */
  get #keepMs(): number {
    return this.#ttlMs + (this.#options.maxStaleMs ?? 60_000);
  }

  async #read(read: SharedRead): Promise<ServiceResponse> {
    const { call, deadline, tag, name } = read;
    const { waitMs = 2_000, leaseMs = 10_000 } = this.#options;
    const startedAt = this.#now;
    // A store may claim for ever that the lease is taken; replicas stop waiting one after the other, each with enough
    // time left to ask the service itself.
    const longestMs = Math.min(2 * (waitMs + leaseMs), call.wait.timeoutMs ?? Infinity);
    const timeoutMs = longestMs * (0.5 + this.#chance() / 4);
    let epoch = unknownEpoch;
    for (let poll = 0; poll < maxPolls; poll++) {
      const view = await this.#look(read);
      if (view === undefined) break;
      epoch = view.epoch;
      const entry = await this.#newest(read, view);
      const isCurrent = entry !== undefined && entry.epoch === view.epoch;
      if (isCurrent && this.#isFresh(entry)) return this.#respond(entry, read);
      const id = encodeHex(this.#random(12));
      const lease = await this.#try(deadline, (store) => store.lease(tag, name, id, leaseMs));
      if (lease === undefined) break;
      if (lease !== null) {
        return this.#refreshUnlessDone(read, lease, view, isCurrent ? entry : undefined);
      }
      if (isCurrent && this.#isUsable(entry)) return this.#respond(entry, read);
      const waitedMs = this.#now - startedAt;
      if (waitedMs >= timeoutMs || waitedMs < 0) break;
      if (waitedMs >= waitMs) {
        // The holder of the lease is slow, or fails: a few others may ask as well, not all at once.
        const slot = `${name}-${Math.floor(this.#chance() * extraReaders)}`;
        const extra = await this.#try(deadline, (store) => store.lease(tag, slot, id, leaseMs));
        if (extra === undefined) break;
        if (extra !== null) {
          try {
            return await this.#withoutStore(withRemainingTime(read, waitedMs), epoch);
          } finally {
            await this.#try(deadline, (store) => store.hold(tag, slot, extra, 0));
          }
        }
      }
      await this.#pause(Math.min(lastPollMs, firstPollMs * 2 ** poll), read);
    }
    return this.#withoutStore(withRemainingTime(read, this.#now - startedAt), epoch);
  }

  #look({ deadline, tag, name }: SharedRead): Promise<SharedView | undefined> {
    return this.#try(deadline, (store) => store.look(tag, name, this.#local.get(name)?.version));
  }

  /** With the lease: returns what another replica published between look and lease, else refreshes. */
  async #refreshUnlessDone(
    read: SharedRead,
    lease: SharedLease,
    seen: SharedView,
    stale: LocalEntry | undefined,
  ): Promise<ServiceResponse> {
    if (lease.version === (seen.entry?.version ?? null)) return this.#refresh(read, lease, stale);
    // Looked at once more, not until the versions agree: those of a damaged entry never may.
    const view = await this.#look(read);
    const entry = view && (await this.#newest(read, view));
    const isCurrent = entry !== undefined && entry.epoch === view?.epoch;
    if (!isCurrent || !this.#isFresh(entry)) return this.#refresh(read, lease, isCurrent ? entry : stale);
    await this.#hold(read, lease, 0);
    return this.#respond(entry, read);
  }

  /** Reads from the service for all replicas. */
  async #refresh(
    read: SharedRead,
    lease: SharedLease,
    stale: LocalEntry | undefined,
  ): Promise<ServiceResponse> {
    const { tag, name, context, call, next, deadline } = read;
    const requestedAt = this.#now;
    let response: ServiceResponse;
    try {
      // With a usable response at hand, the service gets no more time than the others are kept from asking it.
      const { signal, timeoutMs = Infinity } = call.wait;
      const limit =
        stale !== undefined && this.#isUsable(stale) ? (this.#options.leaseMs ?? 10_000) : Infinity;
      const limited = { ...call, wait: { signal, timeoutMs: Math.min(timeoutMs, limit) } };
      response = await this.#ask(tag, limited, next, deadline);
    } catch (error) {
      if (stale === undefined || !isOutage(error) || !this.#isUsable(stale)) {
        if (!isDenial(error)) await this.#hold(read, lease, 0);
        throw error;
      }
      await this.#hold(read, lease, retryDelayMs(error));
      return this.#respondInOutage(stale, read, error);
    }
    const { json, source, fetchedAt, received } = response;
    if (source === "cache") {
      // A cache behind this one responds in an outage: nothing new to share, and no reason to try at each read.
      await this.#hold(read, lease, minRetryMs);
      return response;
    }
    const version = encodeHex(this.#random(8));
    const head = { requestedAt, fetchedAt, expiresAt: fetchedAt + this.#keepMs };
    const content = received?.json === json ? received.bytes : utf8Bytes(JSON.stringify(json));
    const bytes = await sealEntry(context, head, content);
    const publication = { lease, version, bytes, keepMs: this.#keepMs };
    const isPublished = await this.#try(deadline, (store) => store.publish(tag, name, publication));
    if (isPublished === undefined) await this.#hold(read, lease, 0);
    const { epoch } = lease;
    const local = { version: isPublished ? version : "", json, requestedAt, fetchedAt, epoch };
    this.#local.set(name, { ...local, ageMs: 0, seenAt: this.#now });
    return response;
  }

  /** The newer of the store's entry and this process's own. A damaged entry counts as none. */
  async #newest({ name, context }: SharedRead, { entry }: SharedView): Promise<LocalEntry | undefined> {
    const known = this.#local.get(name);
    const newest = await newestEntry(entry, {
      known,
      context,
      now: this.#now,
      keepMs: this.#keepMs,
      description: this.#options.store.description,
      emit: this.#emit,
    });
    if (newest === undefined) this.#local.delete(name);
    else if (newest !== known) this.#local.set(name, newest);
    return newest;
  }

  /** Works without the store: with what this process knows, else with the service, one call at a time for each query. */
  async #withoutStore(read: SharedRead, epoch: number): Promise<ServiceResponse> {
    const { name, call, deadline } = read;
    if (deadline.end !== undefined) throw endedError(call.endpoint, deadline);
    const known = this.#local.get(name);
    if (known !== undefined && (this.#isFresh(known) || this.#isBackingOff(known))) {
      return this.#respond(known, read);
    }
    try {
      return await this.#flight(read, epoch).join(call.wait, (ended) => endedError(call.endpoint, ended));
    } catch (error) {
      const same = this.#local.get(name);
      if (
        isOutage(error) &&
        known !== undefined &&
        this.#isUsable(known) &&
        same?.requestedAt === known.requestedAt
      ) {
        this.#local.set(name, { ...known, retryAt: this.#now + retryDelayMs(error) });
        return this.#respondInOutage(known, read, error);
      }
      throw error;
    }
  }

  /** The one call of this process for a query that is under way, or a new one. */
  #flight({ tag, name, call, next }: SharedRead, epoch: number): SingleFlight<ServiceResponse> {
    const underWay = this.#flights.get(name);
    if (underWay !== undefined && !underWay.isGivenUp) return underWay;
    const isCurrent = (): boolean => this.#flights.get(name) === flight;
    const flight: SingleFlight<ServiceResponse> = new SingleFlight(async (signal) => {
      const requestedAt = this.#now;
      // Each caller keeps limits of its own; the call ends when all callers have gone.
      const wait = { signal, timeoutMs: call.wait.timeoutMs };
      const deadline = new Deadline(wait);
      try {
        const response = await this.#ask(tag, { ...call, wait }, next, deadline);
        const { json, fetchedAt, source } = response;
        if (source === "service" && isCurrent()) {
          const seen = { ageMs: 0, seenAt: this.#now };
          this.#local.set(name, { version: "", json, requestedAt, fetchedAt, epoch, ...seen });
        }
        return response;
      } finally {
        deadline.stop();
        if (isCurrent()) this.#flights.delete(name);
      }
    });
    this.#flights.set(name, flight);
    return flight;
  }

  /** Asks the service. When it denies access, everything shared of this client is removed. */
  async #ask(tag: string, call: ServiceCall, next: Next, deadline: Deadline): Promise<ServiceResponse> {
    try {
      return await next(call);
    } catch (error) {
      if (isDenial(error) && (await isAccessRevoked(call, next))) {
        this.#forget(tag);
        this.#emit({
          kind: "purged",
          message: "The service denied access; everything shared of this client is removed.",
        });
        await this.#try(deadline, (store) => store.purge(tag));
      }
      throw error;
    }
  }

  async #write(tag: string, call: ServiceCall, next: Next, deadline: Deadline): Promise<ServiceResponse> {
    try {
      const response = await this.#ask(tag, call, next, deadline);
      await this.#change(tag, deadline);
      return response;
    } catch (error) {
      if (mayHaveTakenEffect(error)) await this.#change(tag, deadline);
      throw error;
    }
  }

  /** Makes everything shared stale. A change that the store does not take is sent again before the next read. */
  async #change(tag: string, deadline: Deadline): Promise<void> {
    this.#forget(tag);
    this.#unsentChanges.add(tag);
    await this.#try(deadline, async (store) => {
      await store.change(tag);
      this.#unsentChanges.delete(tag);
    });
  }

  /** Ends a lease after `ms` milliseconds more; 0 gives it back at once. */
  async #hold({ deadline, tag, name }: SharedRead, lease: SharedLease, ms: number): Promise<void> {
    await this.#try(deadline, (store) => store.hold(tag, name, lease, ms));
  }

  /** Accesses the store; `undefined` when it fails, and when the caller's time is up: the access then goes on alone. */
  async #try<T>(deadline: Deadline, work: (store: SharedStore) => Promise<T>): Promise<T | undefined> {
    const access = this.#breaker.try(work);
    try {
      return await deadline.race(access);
    } catch {
      return undefined;
    }
  }

  #forget(tag: string): void {
    this.#local.deleteAll(`${tag}-`);
    for (const name of this.#flights.keys()) if (name.startsWith(`${tag}-`)) this.#flights.delete(name);
  }

  #isFresh(entry: LocalEntry): boolean {
    return ageOf(entry, this.#now) < this.#ttlMs && this.#isUsable(entry);
  }

  /** Whether the service failed a moment ago, so that it is not asked yet. */
  #isBackingOff(entry: LocalEntry): boolean {
    const { retryAt = -Infinity } = entry;
    return this.#now < retryAt && this.#now >= retryAt - maxRetryMs && this.#isUsable(entry);
  }

  /** Whether an entry may be returned at all. */
  #isUsable(entry: LocalEntry): boolean {
    return ageOf(entry, this.#now) < this.#keepMs && this.#now < accessEndsAt(entry.json);
  }

  #respond(entry: LocalEntry, { query }: SharedRead): ServiceResponse {
    return responseOf(entry, query, this.#now);
  }

  #respondInOutage(entry: LocalEntry, read: SharedRead, cause: CodedError): ServiceResponse {
    const { code } = cause;
    const ageMs = ageOf(entry, this.#now);
    const message = `${read.call.endpoint} failed (${code}); a shared response is returned.`;
    this.#emit({ kind: "served", message, ageMs, code, cause });
    return this.#respond(entry, read);
  }

  /** A number from 0 to 1, 1 excluded. */
  #chance(): number {
    return (this.#random(1)[0] ?? 0) / 256;
  }

  /** Waits a little, each replica a little differently, until the caller's limits end. */
  async #pause(ms: number, { call: { endpoint }, deadline }: SharedRead): Promise<void> {
    const sleep = this.#options.sleep ?? platformSleep;
    try {
      await sleep(Math.ceil(ms * (0.5 + this.#chance())), deadline.signal);
    } catch (error) {
      throw deadline.end === undefined ? error : endedError(endpoint, deadline);
    }
  }
}
