/** Keeps an application's secrets through an outage: the service first, the best stored answer when it is gone. */
import { type CodedError, platformSleep, Redacted } from "@ksmkit/common";
import type { Middleware, Next, ServiceResponse, ServiceCall } from "@ksmkit/core";
import { isAccessRevoked, isDenial, isOutage, mayHaveTakenEffect } from "../protocol/outage.ts";
import { readQueryOf, type ReadQuery } from "../protocol/read-query.ts";
import { CacheError } from "../errors/cache-error.ts";
import { safeListener, type CacheEventListener } from "../event.ts";
import { clientOf, type BoundDevice } from "../entries/client-names.ts";
import type { EntryStoreOptions } from "../entries/entry-store.ts";
import { limitedStore, withTimeout } from "../store/with-timeout.ts";
import { DeviceCache } from "./device-cache.ts";
import { runDrill, warmUp, type DrillReport, type WarmReport } from "./maintenance.ts";
import { checkDisasterOptions, type DisasterCacheOptions } from "./options.ts";
import { statusOf, type CacheStatus } from "./status.ts";
import { emptyResponse, Visits, type CacheClient, type Visit } from "./maintenance-calls.ts";

/**
 * Stands between a client and the service, asks the service first, and keeps what it answers, sealed. When the
 * service cannot be reached or cannot answer, the newest stored answer is given, and says so in `freshness`.
 *
 * - A refusal is never answered from the store; when it is that access is denied to a read, everything stored for
 *   this client is removed. After a denied write, which may be about one record only, a read of nothing tells.
 * - A read with `fresh`, a write and a binding are never answered from the store.
 * - A store that fails, is slow, full or damaged never fails or changes what the service answered; it is told as
 *   a notice.
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
  readonly #visits = new Visits();
  readonly #devices = new Map<string, Promise<DeviceCache>>();

  /** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
  constructor(options: DisasterCacheOptions) {
    super();
    checkDisasterOptions(options);
    const { store, storeTimeoutMs = 5_000, maxEntries = 500, clock = Date.now } = options;
    this.#options = options;
    this.#emit = safeListener(options.onEvent);
    this.#entryOptions = {
      store: limitedStore(store, storeTimeoutMs, options.sleep ?? platformSleep),
      clock,
      maxEntries,
      emit: this.#emit,
    };
  }

  /** Goes into the `middleware` option of the client. One cache may serve several clients. */
  readonly middleware: Middleware = async (call, next) => {
    const visit = this.#visits.of(call);
    const { offline = "fallback", freshForMs = 300_000 } = this.#options;
    const { appKey } = call.device;
    if (appKey === undefined || call.kind === "bind") {
      if (offline === "only") throw needsService(call);
      return next(call);
    }
    const cache = await this.#of({ ...call.device, appKey });
    if (visit?.mode === "inspect") {
      visit.meet?.(cache);
      return emptyResponse;
    }
    const query = readQueryOf(call);
    if (visit?.mode === "service") return next(call);
    if (query !== null && visit?.mode === "store") return this.#storeOnly(cache, query, call);
    if (offline === "only" && visit === undefined) {
      if (query === null || call.fresh) throw needsService(call);
      return this.#storeOnly(cache, query, call);
    }
    if (call.kind === "write") return this.#write(cache, call, next);
    if (query === null) return next(call);
    if (offline === "prefer" && !call.fresh) {
      const found = await this.#find(cache, query, freshForMs);
      if (typeof found === "object") return found.answer;
    }
    return this.#serviceFirst(cache, query, call, next, visit);
  };

  /**
   * Reads everything, so that all of it is stored. Unlike an ordinary read it fails when it cannot be stored.
   *
   * @throws what the client throws; {@link CacheError} `ERR_CACHE_STORE_FAILED`, `ERR_CACHE_NOT_BOUND`
   */
  async warm(client: CacheClient): Promise<WarmReport> {
    await requireBound(client);
    return this.#visits.run({ mode: "warm" }, (signal) => warmUp(client, signal));
  }

  /**
   * What is stored for a client. The service is not asked.
   *
   * @throws {@link CacheError} `ERR_CACHE_STORE_FAILED`, `ERR_CACHE_NOT_BOUND`
   */
  async status(client: CacheClient): Promise<CacheStatus> {
    const { maxStaleMs = 604_800_000, store } = this.#options;
    const { entries } = await this.#meet(client);
    const ledger = await this.#wrapStoreError(entries.ledger());
    return statusOf(ledger, { now: this.#entryOptions.clock(), maxStaleMs, store: store.description });
  }

  /**
   * Removes what is stored for a client; without one, everything in the store.
   *
   * @throws {@link CacheError} `ERR_CACHE_STORE_FAILED`, `ERR_CACHE_NOT_BOUND`
   */
  async clear(client?: CacheClient): Promise<void> {
    if (client !== undefined) return this.#wrapStoreError((await this.#meet(client)).entries.clear());
    const { store } = this.#entryOptions;
    for (const name of await this.#wrapStoreError(store.list("")))
      await this.#wrapStoreError(store.remove(name));
    this.#devices.clear();
  }

  /**
   * Rehearses an outage: reads everything from the service, then from the store alone, and tells what an application
   * would have to do without. Nothing is stored or removed.
   *
   * @throws {@link CacheError} `ERR_CACHE_NOT_BOUND`
   */
  async drill(client: CacheClient): Promise<DrillReport> {
    await requireBound(client);
    return runDrill(client, this.#visits, this.#entryOptions.clock);
  }

  /** What printing shows. */
  override toJSON(): unknown {
    return `DisasterCache { store: ${this.#options.store.description} }`;
  }

  async #serviceFirst(
    cache: DeviceCache,
    query: ReadQuery,
    call: ServiceCall,
    next: Next,
    visit: Visit | undefined,
  ): Promise<ServiceResponse> {
    const mayFallBack = !call.fresh && visit === undefined;
    const recent = mayFallBack ? cache.recentFailure : undefined;
    const atHand = recent && (await this.#fallback(cache, query, call, recent));
    if (atHand !== undefined) return atHand;
    const { clock } = this.#entryOptions;
    const requestedAt = cache.requestedAt();
    const startedAt = clock();
    let answer: ServiceResponse;
    try {
      answer = await this.#read(cache, mayFallBack ? this.#withFallbackTimeout(call) : call, next);
    } catch (error) {
      if (!mayFallBack || !isOutage(error)) throw error;
      const tookMs = Math.max(0, clock() - startedAt);
      cache.failed(error, tookMs);
      const stored = await this.#fallback(cache, query, call, error);
      if (stored !== undefined) return stored;
      const rest = this.#withRemainingTime(call, error, tookMs);
      if (rest === undefined) throw error;
      answer = await this.#read(cache, rest, next);
    }
    cache.succeeded();
    const keeping = cache.keep(query, answer, requestedAt);
    await (visit === undefined ? this.#bestEffort(keeping) : this.#wrapStoreError(keeping));
    return answer;
  }

  /** Reads from the service. When it denies access, nothing stored of this client is of use any more. */
  async #read(cache: DeviceCache, call: ServiceCall, next: Next): Promise<ServiceResponse> {
    try {
      return await next(call);
    } catch (error) {
      if (isDenial(error)) await this.#bestEffort(cache.purge());
      throw error;
    }
  }

  /** What is stored in place of an answer that failed; `undefined` when nothing will do. */
  async #fallback(
    cache: DeviceCache,
    query: ReadQuery,
    { endpoint }: ServiceCall,
    cause: CodedError,
  ): Promise<ServiceResponse | undefined> {
    const found = await this.#find(cache, query);
    const { code } = cause;
    if (typeof found === "string") {
      const message = `Nothing stored stands in for ${endpoint}, which failed (${code}).`;
      this.#emit({ kind: "missed", message, code, cause });
      return undefined;
    }
    const { answer, ageMs } = found;
    const message = `${endpoint} failed (${code}); a stored answer, ${Math.round(ageMs / 1000)} s old, is given.`;
    this.#emit({ kind: "served", message, ageMs, code, cause });
    return answer;
  }

  async #write(cache: DeviceCache, call: ServiceCall, next: Next): Promise<ServiceResponse> {
    try {
      const answer = await next(call);
      await this.#bestEffort(cache.recordWrite(call, true));
      return answer;
    } catch (error) {
      if (isDenial(error) && (await isAccessRevoked(call, next))) await this.#bestEffort(cache.purge());
      if (mayHaveTakenEffect(error)) await this.#bestEffort(cache.recordWrite(call, false));
      throw error;
    }
  }

  async #storeOnly(cache: DeviceCache, query: ReadQuery, call: ServiceCall): Promise<ServiceResponse> {
    const found = await this.#find(cache, query);
    if (typeof found === "object") return found.answer;
    throw found === "missing"
      ? new CacheError("ERR_CACHE_MISS", `Nothing stored answers this ${call.endpoint}.`)
      : new CacheError("ERR_CACHE_TOO_OLD", `What is stored for this ${call.endpoint} is too old.`);
  }

  /** A store that fails has nothing. */
  async #find(cache: DeviceCache, query: ReadQuery, maxAgeMs?: number): ReturnType<DeviceCache["find"]> {
    try {
      return await this.#limited(cache.find(query, maxAgeMs));
    } catch (error) {
      this.#storeNotice(error);
      return "missing";
    }
  }

  /** The call with the limit for one that may have an answer to fall back to; a shorter one of the caller stands. */
  #withFallbackTimeout(call: ServiceCall): ServiceCall {
    const { networkTimeoutMs = 30_000 } = this.#options;
    const { signal, timeoutMs = Infinity } = call.wait;
    return { ...call, wait: { signal, timeoutMs: Math.min(timeoutMs, networkTimeoutMs) } };
  }

  /** The call with the time that its caller has left, when it was the shorter limit that ended it. */
  #withRemainingTime(call: ServiceCall, { code }: CodedError, tookMs: number): ServiceCall | undefined {
    const { networkTimeoutMs = 30_000 } = this.#options;
    const { signal, timeoutMs = Infinity } = call.wait;
    const cut = code === "ERR_KSM_TRANSPORT_TIMEOUT" || code === "ERR_KSM_THROTTLED";
    if (!cut || timeoutMs <= Math.max(networkTimeoutMs, tookMs)) return undefined;
    return { ...call, wait: { signal, timeoutMs: timeoutMs - tookMs } };
  }

  #of(device: BoundDevice): Promise<DeviceCache> {
    const key = clientOf(device);
    let cache = this.#devices.get(key);
    if (cache === undefined) {
      cache = DeviceCache.open(device, this.#options, this.#entryOptions);
      this.#devices.set(key, cache);
    }
    return cache;
  }

  async #meet(client: CacheClient): Promise<DeviceCache> {
    await requireBound(client);
    let met: DeviceCache | undefined;
    const meet = (cache: DeviceCache): void => {
      met = cache;
    };
    await this.#visits.run({ mode: "inspect", meet }, (signal) => client.getFolders({ signal, fresh: true }));
    if (met !== undefined) return met;
    throw new CacheError(
      "ERR_CACHE_ARGUMENT_INVALID",
      "The client does not use this cache: give it cache.middleware, before functions that join reads.",
    );
  }

  /** Store work on the side of a call: its failure is told, and harms nobody. */
  async #bestEffort(work: Promise<unknown>): Promise<void> {
    try {
      await this.#limited(work);
    } catch (error) {
      this.#storeNotice(error);
    }
  }

  /** Store work of a call: one limit for all its accesses. What has begun goes on, each access limited by itself. */
  #limited<T>(work: Promise<T>): Promise<T> {
    const { store, storeTimeoutMs = 5_000, sleep = platformSleep } = this.#options;
    return withTimeout(work, storeTimeoutMs, `The store (${store.description})`, sleep);
  }

  /** Store work that was asked for. */
  async #wrapStoreError<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof CacheError) throw error;
      const { description } = this.#options.store;
      throw new CacheError("ERR_CACHE_STORE_FAILED", `The store (${description}) failed.`, { cause: error });
    }
  }

  #storeNotice(cause: unknown): void {
    const message = `The store (${this.#options.store.description}) failed; the call itself is not affected.`;
    this.#emit({ kind: "store-failed", message, cause });
  }
}

/** A cache belongs to a device; binding one is not what maintenance should do on its way. */
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
