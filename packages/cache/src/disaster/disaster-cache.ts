/** Keeps an application's secrets through an outage: the service first, the best stored response when it fails. */
import { Deadline, platformSleep, Redacted, type CodedError } from "@ksmkit/common";
import type { Middleware, Next, ServiceCall, ServiceResponse } from "@ksmkit/core";
import { clientOf, type BoundDevice } from "../entries/client-names.ts";
import type { EntryStoreOptions } from "../entries/entry-store.ts";
import { CacheError } from "../errors/cache-error.ts";
import { safeListener, type CacheEventListener } from "../event.ts";
import { isAccessRevoked, isDenial, isOutage, mayHaveTakenEffect } from "../protocol/outage.ts";
import { recordUids } from "../protocol/filter-response.ts";
import { readQueryOf, type ReadQuery } from "../protocol/read-query.ts";
import { withTimeout } from "../store/with-timeout.ts";
import { DeviceCache, type Found } from "./device-cache.ts";
import { emptyResponse, MaintenanceContext, type CacheClient } from "./maintenance-calls.ts";
import { runDrill, warmUp, type DrillReport, type WarmReport } from "./maintenance.ts";
import { checkDisasterOptions, defaultMaxStaleMs, type DisasterCacheOptions } from "./options.ts";
import { statusOf, type CacheStatus } from "./status.ts";

/**
 * Stands between a client and the service, asks the service first, and stores its responses, sealed. When the service
 * cannot be reached or does not respond properly, the newest stored response is returned, with its age in `freshness`.
 *
 * - A refusal is never answered from the store. When a read is denied access, everything stored for this client is
 *   removed. After a denied write, which may concern one record only, a read that matches no record decides.
 * - A read with `fresh`, a write and a binding are never answered from the store.
 * - A store that fails, is slow, full or damaged never fails or changes the response of the service; it is reported
 *   as an event.
 *
 * @example
 * ```ts
 * const cache = new DisasterCache({ store: fileStore({ directory: "/var/cache/app" }), onEvent: log.warn });
 * const manager = new SecretsManager({ storage, middleware: cache.middleware });
 * const { records, freshness } = await manager.getSecrets();
 * if (freshness.source === "cache") log.warn(`secrets are ${freshness.ageMs} ms old`);
 * ```
 */
export class DisasterCache extends Redacted {
  readonly #options: DisasterCacheOptions;
  readonly #entryOptions: EntryStoreOptions;
  readonly #emit: CacheEventListener;
  readonly #devices = new Map<string, Promise<DeviceCache>>();

  /** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
  constructor(options: DisasterCacheOptions) {
    super();
    checkDisasterOptions(options);
    const { store, maxEntries = 500, clock = Date.now } = options;
    this.#options = options;
    this.#emit = safeListener(options.onEvent);
    this.#entryOptions = {
      store,
      clock,
      maxEntries,
      emit: this.#emit,
      limit: (work) => this.#withStoreTimeout(work),
    };
  }

  /** Goes into the `middleware` option of the client. One cache may serve several clients. */
  readonly middleware: Middleware = async (call, next) => {
    const deadline = new Deadline(call.wait);
    try {
      return await this.#respond(call, next, deadline);
    } finally {
      deadline.stop();
    }
  };

  /**
   * Reads everything, so that all of it is stored. Unlike an ordinary read it fails when a response cannot be stored.
   *
   * @throws what the client throws; {@link CacheError} `ERR_CACHE_STORE_FAILED`, `ERR_CACHE_NOT_BOUND`
   */
  async warm(client: CacheClient): Promise<WarmReport> {
    await requireBound(client);
    return warmUp(client, this);
  }

  /**
   * What is stored for a client. The service is not asked.
   *
   * @throws {@link CacheError} `ERR_CACHE_STORE_FAILED`, `ERR_CACHE_NOT_BOUND`
   */
  async status(client: CacheClient): Promise<CacheStatus> {
    const { maxStaleMs = defaultMaxStaleMs, store } = this.#options;
    const { entries } = await this.#findDeviceCache(client);
    const ledger = await this.#wrapStoreError(entries.readLedger());
    return statusOf(ledger, { now: this.#entryOptions.clock(), maxStaleMs, store: store.description });
  }

  /**
   * Removes what is stored for a client; without one, everything in the store.
   *
   * @throws {@link CacheError} `ERR_CACHE_STORE_FAILED`, `ERR_CACHE_NOT_BOUND`
   */
  async clear(client?: CacheClient): Promise<void> {
    if (client !== undefined) {
      const { entries } = await this.#findDeviceCache(client);
      return this.#wrapStoreError(entries.clear());
    }
    const { store } = this.#options;
    for (const name of await this.#wrapStoreError(store.list(""))) {
      await this.#wrapStoreError(store.remove(name));
    }
    this.#devices.clear();
  }

  /**
   * Rehearses an outage: reads everything from the service, then from the store alone, and reports what an application
   * would be without. Nothing is stored or removed.
   *
   * @throws {@link CacheError} `ERR_CACHE_NOT_BOUND`
   */
  async drill(client: CacheClient): Promise<DrillReport> {
    await requireBound(client);
    return runDrill(client, this, this.#entryOptions.clock);
  }

  /** What printing shows. */
  override toJSON(): unknown {
    return `DisasterCache { store: ${this.#options.store.description} }`;
  }

  async #respond(call: ServiceCall, next: Next, deadline: Deadline): Promise<ServiceResponse> {
    const { offline = "fallback", freshForMs = 300_000 } = this.#options;
    const { appKey } = call.device;
    if (appKey === undefined || call.kind === "bind") {
      if (offline === "only") throw needsService(call);
      return appKey === undefined
        ? next(call)
        : this.#confirmBinding({ ...call.device, appKey }, call, next, deadline);
    }
    const cache = await this.#cacheOf({ ...call.device, appKey });
    const maintenance = MaintenanceContext.of(call, this);
    const query = readQueryOf(call);
    if (maintenance !== undefined) {
      maintenance.deviceCache = cache;
      if (maintenance.mode === "locate") return emptyResponse;
      if (query === null || maintenance.mode === "service") return next(call);
      return maintenance.mode === "store"
        ? this.#fromStore(cache, query, call)
        : this.#warm(cache, query, call, next, deadline);
    }
    if (offline === "only") {
      if (query === null || call.fresh) throw needsService(call);
      return this.#fromStore(cache, query, call);
    }
    if (call.kind === "write") return this.#write(cache, call, next, deadline);
    if (query === null) return next(call);
    if (offline === "prefer" && !call.fresh) {
      const found = await this.#find(cache, query, freshForMs);
      if (typeof found === "object") return found.response;
    }
    return this.#serviceFirst(cache, query, call, next, deadline);
  }

  async #serviceFirst(
    cache: DeviceCache,
    query: ReadQuery,
    call: ServiceCall,
    next: Next,
    deadline: Deadline,
  ): Promise<ServiceResponse> {
    const mayFallBack = !call.fresh;
    const recent = mayFallBack ? cache.recentFailure : undefined;
    const atHand = recent && (await this.#fallback(cache, query, call, recent));
    if (atHand !== undefined) return atHand;
    const { clock } = this.#entryOptions;
    const requestedAt = cache.nextRequestTime();
    const startedAt = clock();
    let response: ServiceResponse;
    try {
      response = await this.#read(
        cache,
        mayFallBack ? this.#withFallbackTimeout(call) : call,
        next,
        deadline,
      );
    } catch (error) {
      if (!mayFallBack || !isOutage(error)) throw error;
      const tookMs = Math.max(0, clock() - startedAt);
      cache.recordFailure(error, tookMs);
      const stored = await this.#fallback(cache, query, call, error);
      if (stored !== undefined) return stored;
      const rest = this.#withRemainingTime(call, error, tookMs);
      if (rest === undefined) throw error;
      response = await this.#read(cache, rest, next, deadline);
    }
    cache.recordSuccess();
    await this.#bestEffort(cache.save(query, response, requestedAt), deadline);
    return response;
  }

  /** Reads from the service for the store: a response that cannot be stored is a failure. */
  async #warm(
    cache: DeviceCache,
    query: ReadQuery,
    call: ServiceCall,
    next: Next,
    deadline: Deadline,
  ): Promise<ServiceResponse> {
    const requestedAt = cache.nextRequestTime();
    const response = await this.#read(cache, call, next, deadline);
    cache.recordSuccess();
    await this.#wrapStoreError(cache.save(query, response, requestedAt, true));
    return response;
  }

  /** The call that confirms a binding repeats the read that began it, so its response is stored. */
  async #confirmBinding(
    device: BoundDevice,
    call: ServiceCall,
    next: Next,
    deadline: Deadline,
  ): Promise<ServiceResponse> {
    const cache = await this.#cacheOf(device);
    const requestedAt = cache.nextRequestTime();
    const response = await next(call);
    const query = readQueryOf({ ...call, kind: "read" });
    // A binding without a read asks for a uid that no record has.
    if (query !== null && (query.kind !== "records" || recordUids(response.json).size > 0)) {
      await this.#bestEffort(cache.save(query, response, requestedAt), deadline);
    }
    return response;
  }

  /** Reads from the service. When it denies access, everything stored for this client is removed. */
  async #read(
    cache: DeviceCache,
    call: ServiceCall,
    next: Next,
    deadline: Deadline,
  ): Promise<ServiceResponse> {
    try {
      return await next(call);
    } catch (error) {
      if (isDenial(error)) await this.#bestEffort(cache.purge(), deadline);
      throw error;
    }
  }

  /** The stored response in place of one that failed; `undefined` when there is none. */
  async #fallback(
    cache: DeviceCache,
    query: ReadQuery,
    { endpoint }: ServiceCall,
    cause: CodedError,
  ): Promise<ServiceResponse | undefined> {
    const found = await this.#find(cache, query);
    const { code } = cause;
    if (typeof found === "string") {
      const message = `${endpoint} failed (${code}), and no stored response can replace its own.`;
      this.#emit({ kind: "missed", message, code, cause });
      return undefined;
    }
    const { response, ageMs } = found;
    const message = `${endpoint} failed (${code}); a stored response, ${Math.round(ageMs / 1000)} s old, is returned.`;
    this.#emit({ kind: "served", message, ageMs, code, cause });
    return response;
  }

  async #write(
    cache: DeviceCache,
    call: ServiceCall,
    next: Next,
    deadline: Deadline,
  ): Promise<ServiceResponse> {
    try {
      const response = await next(call);
      await this.#bestEffort(cache.recordWrite(call, true), deadline);
      return response;
    } catch (error) {
      if (isDenial(error) && (await isAccessRevoked(call, next)))
        await this.#bestEffort(cache.purge(), deadline);
      if (mayHaveTakenEffect(error)) await this.#bestEffort(cache.recordWrite(call, false), deadline);
      throw error;
    }
  }

  async #fromStore(
    cache: DeviceCache,
    query: ReadQuery,
    { endpoint }: ServiceCall,
  ): Promise<ServiceResponse> {
    const found = await this.#find(cache, query);
    if (typeof found === "object") return found.response;
    throw found === "missing"
      ? new CacheError("ERR_CACHE_MISS", `No stored response answers this ${endpoint}.`)
      : new CacheError("ERR_CACHE_TOO_OLD", `The stored response to this ${endpoint} is too old.`);
  }

  /** A store that fails counts as empty. */
  async #find(cache: DeviceCache, query: ReadQuery, maxAgeMs?: number): Promise<Found> {
    try {
      return await this.#withStoreTimeout(cache.find(query, maxAgeMs));
    } catch (error) {
      this.#emitStoreFailure(error);
      return "missing";
    }
  }

  /** The call with the time limit for one that a stored response may replace; a shorter one of the caller stands. */
  #withFallbackTimeout(call: ServiceCall): ServiceCall {
    const { networkTimeoutMs = 30_000 } = this.#options;
    const { signal, timeoutMs = Infinity } = call.wait;
    return { ...call, wait: { signal, timeoutMs: Math.min(timeoutMs, networkTimeoutMs) } };
  }

  /** The call with the time that its caller has left, when it was the fallback limit that ended it. */
  #withRemainingTime(call: ServiceCall, { code }: CodedError, tookMs: number): ServiceCall | undefined {
    const { networkTimeoutMs = 30_000 } = this.#options;
    const { signal, timeoutMs = Infinity } = call.wait;
    const wasCut = code === "ERR_KSM_TRANSPORT_TIMEOUT" || code === "ERR_KSM_THROTTLED";
    if (!wasCut || timeoutMs <= Math.max(networkTimeoutMs, tookMs)) return undefined;
    return { ...call, wait: { signal, timeoutMs: timeoutMs - tookMs } };
  }

  #cacheOf(device: BoundDevice): Promise<DeviceCache> {
    const key = clientOf(device);
    let cache = this.#devices.get(key);
    if (cache === undefined) {
      cache = DeviceCache.open(device, this.#options, this.#entryOptions);
      this.#devices.set(key, cache);
    }
    return cache;
  }

  /** The cache of the device that a client uses: core shows the device to middleware only, as part of a call. */
  async #findDeviceCache(client: CacheClient): Promise<DeviceCache> {
    await requireBound(client);
    const context = new MaintenanceContext(this, "locate");
    await client.getFolders({ context, fresh: true });
    if (context.deviceCache !== undefined) return context.deviceCache;
    throw new CacheError(
      "ERR_CACHE_ARGUMENT_INVALID",
      "The client does not use this cache: put cache.middleware into its option middleware.",
    );
  }

  /**
   * Store work beside a call: its failure is reported and does not affect the call. What takes longer than the caller
   * waits goes on by itself, so that a response of the service is never withheld for it.
   */
  async #bestEffort(work: Promise<unknown>, deadline: Deadline): Promise<void> {
    try {
      await deadline.race(this.#withStoreTimeout(work));
    } catch (error) {
      this.#emitStoreFailure(error);
    }
  }

  /** Store work of a method that maintains the cache: its failure is the caller's. */
  async #wrapStoreError<T>(work: Promise<T>): Promise<T> {
    try {
      return await this.#withStoreTimeout(work);
    } catch (error) {
      if (error instanceof CacheError) throw error;
      const { description } = this.#options.store;
      throw new CacheError("ERR_CACHE_STORE_FAILED", `The store (${description}) failed.`, { cause: error });
    }
  }

  /** One time limit for all accesses of a piece of store work. What has begun goes on. */
  #withStoreTimeout<T>(work: Promise<T>): Promise<T> {
    const { store, storeTimeoutMs = 5_000, sleep = platformSleep } = this.#options;
    return withTimeout(work, storeTimeoutMs, `The store (${store.description})`, sleep);
  }

  #emitStoreFailure(cause: unknown): void {
    const message = `The store (${this.#options.store.description}) failed; the call itself is not affected.`;
    this.#emit({ kind: "store-failed", message, cause });
  }
}

/** Maintenance needs the cache of a device, and must not bind one as a side effect. */
async function requireBound(client: CacheClient): Promise<void> {
  const status = await client.status();
  if (status === "bound" || status === "reused") return;
  throw new CacheError(
    "ERR_CACHE_NOT_BOUND",
    "The device is not bound yet: bind it, or read something with it.",
  );
}

function needsService({ endpoint, kind }: ServiceCall): CacheError {
  const what = kind === "read" ? `A fresh ${endpoint}` : kind === "bind" ? "Binding" : `Calling ${endpoint}`;
  return new CacheError("ERR_CACHE_OFFLINE", `${what} needs the service, and offline is "only".`);
}
