/** One call to the service for a whole fleet: answers are shared, sealed, and read again by one replica at a time. */
import {
  type CodedError,
  encodeHex,
  platformRandom,
  platformSleep,
  Redacted,
  SingleFlight,
  utf8Bytes,
  type Random,
} from "@ksmkit/common";
import {
  AbortedError,
  type Middleware,
  type Next,
  type ServiceResponse,
  type ServiceCall,
} from "@ksmkit/core";
import { endedError } from "@ksmkit/core/middleware";
import {
  isAccessRevoked,
  isDenial,
  isOutage,
  maxRetryMs,
  mayHaveTakenEffect,
  minRetryMs,
  retryDelayMs,
} from "../protocol/outage.ts";
import { accessEndsAt, withoutFileAddresses } from "../protocol/filter-response.ts";
import { readQueryOf } from "../protocol/read-query.ts";
import { safeListener, type CacheEventListener } from "../event.ts";
import { openEntry, sealEntry } from "../entries/sealed-entry.ts";
import { clientOf, clientTag, entryName } from "../entries/client-names.ts";
import { clockToleranceMs } from "../entries/entry-store.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { ageOf, LocalCache, type LocalEntry } from "./local-cache.ts";
import { checkSharedOptions, type SharedCacheOptions } from "./options.ts";
import { withRemainingTime, type SharedRead } from "./reading.ts";
import type { SharedLease, SharedView } from "./shared-store.ts";

// Addresses of files are good for a few minutes.
const fileAddressMs = 60_000;
const [firstPollMs, lastPollMs, maxPolls] = [10, 200, 1_000];
/** Replicas that may ask, at the same time, besides the one that reads for all. */
const askingBesides = 8;
/** Epoch of an answer of which the store was not asked. */
const unknownEpoch = -1;

/**
 * Stands between the clients of a fleet and the service. Within `ttlMs` of an answer nobody asks the service; after
 * that one replica does, and the others are given the old answer, or wait for the new one where there is none.
 *
 * - The store holds ciphertext under a key made from the application key; replicas share answers when they use the
 *   same device configuration.
 * - A store that is slow, gone, flushed or failed over never fails a read: the service is asked, once per process.
 * - A write of any replica makes all shared answers of its client stale. Denied access removes them.
 *
 * @example
 * ```ts
 * const shared = new SharedCache({ store: redisSharedStore({ client }), ttlMs: 10_000 });
 * const manager = new SecretsManager({ storage, middleware: shared.middleware });
 * ```
 */
export class SharedCache extends Redacted {
  readonly #options: SharedCacheOptions;
  readonly #store: CircuitBreaker;
  readonly #known: LocalCache;
  readonly #emit: CacheEventListener;
  readonly #random: Random;
  readonly #flights = new Map<string, SingleFlight<ServiceResponse>>();
  /** Clients whose last change the store does not know of. */
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
    this.#known = new LocalCache(options.maxLocal ?? 100);
    this.#store = new CircuitBreaker({ store, timeoutMs, pauseMs, clock, sleep, emit: this.#emit });
  }

  /** Goes into the `middleware` option of the client, before a `DisasterCache`. One cache may serve several clients. */
  readonly middleware: Middleware = async (call, next) => {
    const { appKey } = call.device;
    if (appKey === undefined || call.kind === "bind") return next(call);
    const tag = await clientTag(call.device);
    if (call.kind === "write") return this.#write(tag, call, next);
    const query = readQueryOf(call);
    if (query === null || call.fresh) return this.#ask(tag, call, next);
    const label = `shared ${query.text}`;
    const place = { appKey, client: clientOf(call.device), label };
    const name = await entryName(tag, label);
    const reading = { call, next, tag, name, place, query };
    if (this.#unsentChanges.has(tag)) {
      await this.#change(tag);
      if (this.#unsentChanges.has(tag)) return this.#withoutStore(reading, unknownEpoch);
    }
    return this.#read(reading);
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

  /** How long an answer is of any use. */
  get #keepMs(): number {
    return this.#ttlMs + (this.#options.maxStaleMs ?? 60_000);
  }

  async #read(reading: SharedRead): Promise<ServiceResponse> {
    const { call, tag, name } = reading;
    const { waitMs = 2_000, leaseMs = 10_000 } = this.#options;
    const startedAt = this.#now;
    // Nobody waits for ever for a lease that a store may only claim is taken; nor do all give up at the same moment,
    // nor without time left to ask themselves.
    const longestMs = Math.min(2 * (waitMs + leaseMs), call.wait.timeoutMs ?? Infinity);
    const patienceMs = longestMs * (0.5 + this.#chance() / 4);
    let epoch = unknownEpoch;
    for (let poll = 0; poll < maxPolls; poll++) {
      const view = await this.#store.try((store) => store.look(tag, name, this.#known.get(name)?.version));
      if (view === undefined) break;
      epoch = view.epoch;
      const answer = await this.#newest(reading, view);
      const current = answer !== undefined && answer.epoch === view.epoch;
      if (current && this.#isFresh(answer)) return this.#given(answer, reading);
      const id = encodeHex(this.#random(12));
      const lease = await this.#store.try((store) => store.lease(tag, name, id, leaseMs));
      if (lease === undefined) break;
      if (lease !== null) {
        const seen = view.entry?.version ?? null;
        if (lease.version === seen) return this.#refresh(reading, lease, current ? answer : undefined);
        // Someone was faster between the look and the lease.
        await this.#store.try((store) => store.hold(tag, name, lease, 0));
        continue;
      }
      if (current && this.#isUsable(answer)) return this.#given(answer, reading);
      const waitedMs = this.#now - startedAt;
      if (waitedMs >= patienceMs || waitedMs < 0) break;
      if (waitedMs >= waitMs) {
        // Who reads for all is slow, or fails: a few others may ask besides, not all at once.
        const slot = `${name}-${Math.floor(this.#chance() * askingBesides)}`;
        const besides = await this.#store.try((store) => store.lease(tag, slot, id, leaseMs));
        if (besides === undefined) break;
        if (besides !== null) {
          try {
            return await this.#withoutStore(withRemainingTime(reading, waitedMs), epoch);
          } finally {
            await this.#store.try((store) => store.hold(tag, slot, besides, 0));
          }
        }
      }
      await this.#pause(Math.min(lastPollMs, firstPollMs * 2 ** poll), call);
    }
    return this.#withoutStore(withRemainingTime(reading, this.#now - startedAt), epoch);
  }

  /** Reads again for everybody. */
  async #refresh(
    reading: SharedRead,
    lease: SharedLease,
    stale: LocalEntry | undefined,
  ): Promise<ServiceResponse> {
    const { tag, name, place, call, next } = reading;
    const requestedAt = this.#now;
    const hold = (ms: number): Promise<unknown> =>
      this.#store.try((store) => store.hold(tag, name, lease, ms));
    let answer: ServiceResponse;
    try {
      // With an answer at hand, nobody waits for the service longer than the others are kept from asking it.
      const { signal, timeoutMs = Infinity } = call.wait;
      const limit =
        stale !== undefined && this.#isUsable(stale) ? (this.#options.leaseMs ?? 10_000) : Infinity;
      const brief = { ...call, wait: { signal, timeoutMs: Math.min(timeoutMs, limit) } };
      answer = await this.#ask(tag, brief, next);
    } catch (error) {
      if (stale === undefined || !isOutage(error) || !this.#isUsable(stale)) {
        if (!isDenial(error)) await hold(0);
        throw error;
      }
      await hold(retryDelayMs(error));
      return this.#givenInOutage(stale, reading, error);
    }
    const { json, source, fetchedAt, received } = answer;
    if (source === "cache") {
      // A cache behind this one answers in an outage: that is not news to spread, but no reason to try at each read.
      await hold(minRetryMs);
      return answer;
    }
    const version = encodeHex(this.#random(8));
    const head = { requestedAt, fetchedAt, expiresAt: fetchedAt + this.#keepMs };
    const content = received?.json === json ? received.bytes : utf8Bytes(JSON.stringify(json));
    const bytes = await sealEntry(place, head, content);
    const publication = { lease, version, bytes, keepMs: this.#keepMs };
    const published = await this.#store.try((store) => store.publish(tag, name, publication));
    if (published === undefined) await hold(0);
    const known = { version: published ? version : "", json, requestedAt, fetchedAt, epoch: lease.epoch };
    this.#known.set(name, { ...known, ageMs: 0, seenAt: this.#now });
    return answer;
  }

  /** The newer one of what the store has and what this process knows. */
  async #newest({ name, place }: SharedRead, { entry }: SharedView): Promise<LocalEntry | undefined> {
    const known = this.#known.get(name);
    if (entry === null) return known;
    const { version, ageMs, epoch, bytes } = entry;
    const now = this.#now;
    const seen = { version, ageMs, epoch, seenAt: now };
    if (bytes === null && known !== undefined) {
      if (this.#isPastAll(known, now)) {
        this.#known.drop(name);
        return undefined;
      }
      // The store's word can make an answer older only; a clock that was set back has no say.
      const ownMs = ageOf(known, now);
      const same = { ...known, ...seen, ageMs: ownMs === Infinity ? ageMs : Math.max(ageMs, ownMs) };
      this.#known.set(name, same);
      return same;
    }
    const opened = bytes && (await openEntry(place, bytes));
    if (!opened) {
      const message = `A shared answer in ${this.#options.store.description} is damaged or sealed under another key; it is not used.`;
      this.#emit({ kind: "unreadable", message });
      return known;
    }
    const { head, value: json } = opened;
    if (this.#isPastAll(head, this.#now)) return known;
    if (known !== undefined && known.requestedAt > head.requestedAt + clockToleranceMs) {
      // A failover may have lost the newer one, or somebody has put an older one back.
      this.#emit({
        kind: "rolled-back",
        message: "A shared answer is older than one seen before; it is not used.",
      });
      return known;
    }
    const answer = { ...seen, json, requestedAt: head.requestedAt, fetchedAt: head.fetchedAt };
    this.#known.set(name, answer);
    return answer;
  }

  /** Whether an answer that the store still has should have left it long ago, by the time sealed into it. */
  #isPastAll({ fetchedAt }: Pick<LocalEntry, "fetchedAt">, now: number): boolean {
    if (now <= fetchedAt + this.#keepMs + clockToleranceMs) return false;
    const message = "A shared answer is older than its age in the store; it is not used.";
    this.#emit({ kind: "too-old", message });
    return true;
  }

  /** Does without the store: what this process knows, else the service, once at a time for each question. */
  async #withoutStore(reading: SharedRead, epoch: number): Promise<ServiceResponse> {
    const { name, call } = reading;
    const known = this.#known.get(name);
    if (known !== undefined && (this.#isFresh(known) || this.#isSpared(known)))
      return this.#given(known, reading);
    try {
      return await this.#flight(reading, epoch).join(call.wait, (deadline) =>
        endedError(call.endpoint, deadline),
      );
    } catch (error) {
      const same = this.#known.get(name);
      if (
        isOutage(error) &&
        known !== undefined &&
        this.#isUsable(known) &&
        same?.requestedAt === known.requestedAt
      ) {
        this.#known.set(name, { ...known, retryAt: this.#now + retryDelayMs(error) });
        return this.#givenInOutage(known, reading, error);
      }
      throw error;
    }
  }

  /** The one call of this process for a query that is under way, or a new one. */
  #flight({ tag, name, call, next }: SharedRead, epoch: number): SingleFlight<ServiceResponse> {
    const underWay = this.#flights.get(name);
    if (underWay !== undefined) return underWay;
    const current = (): boolean => this.#flights.get(name) === flight;
    const flight: SingleFlight<ServiceResponse> = new SingleFlight(async () => {
      const requestedAt = this.#now;
      try {
        // Each caller waits as long as it likes; the call itself is everybody's.
        const answer = await this.#ask(tag, { ...call, wait: { timeoutMs: call.wait.timeoutMs } }, next);
        const { json, fetchedAt, source } = answer;
        if (source === "service" && current()) {
          this.#known.set(name, {
            version: "",
            json,
            requestedAt,
            fetchedAt,
            epoch,
            ageMs: 0,
            seenAt: this.#now,
          });
        }
        return answer;
      } finally {
        if (current()) this.#flights.delete(name);
      }
    });
    this.#flights.set(name, flight);
    return flight;
  }

  /** Asks the service. When it denies access, nothing of this client is given to anybody any more. */
  async #ask(tag: string, call: ServiceCall, next: Next): Promise<ServiceResponse> {
    try {
      return await next(call);
    } catch (error) {
      if (isDenial(error) && (await isAccessRevoked(call, next))) {
        this.#forget(tag);
        this.#emit({
          kind: "purged",
          message: "The service denied access; everything shared of this client is removed.",
        });
        await this.#store.try((store) => store.purge(tag));
      }
      throw error;
    }
  }

  async #write(tag: string, call: ServiceCall, next: Next): Promise<ServiceResponse> {
    try {
      const answer = await this.#ask(tag, call, next);
      await this.#change(tag);
      return answer;
    } catch (error) {
      if (mayHaveTakenEffect(error)) await this.#change(tag);
      throw error;
    }
  }

  /** Makes everything shared stale; what the store could not be told is owed to it. */
  async #change(tag: string): Promise<void> {
    this.#forget(tag);
    this.#unsentChanges.add(tag);
    const told = await this.#store.try(async (store) => {
      await store.change(tag);
      return true;
    });
    if (told) this.#unsentChanges.delete(tag);
  }

  #forget(tag: string): void {
    this.#known.forget(`${tag}-`);
    for (const name of this.#flights.keys()) if (name.startsWith(`${tag}-`)) this.#flights.delete(name);
  }

  #isFresh(answer: LocalEntry): boolean {
    return ageOf(answer, this.#now) < this.#ttlMs && this.#isUsable(answer);
  }

  /** Whether there is no use in asking yet, after a failure a moment ago. */
  #isSpared(answer: LocalEntry): boolean {
    const { retryAt = -Infinity } = answer;
    return this.#now < retryAt && this.#now >= retryAt - maxRetryMs && this.#isUsable(answer);
  }

  /** Whether an answer may be given at all. */
  #isUsable(answer: LocalEntry): boolean {
    return ageOf(answer, this.#now) < this.#keepMs && this.#now < accessEndsAt(answer.json);
  }

  #given(answer: LocalEntry, { query }: SharedRead): ServiceResponse {
    const { json, fetchedAt } = answer;
    const withAddresses = query.kind === "folders" || ageOf(answer, this.#now) < fileAddressMs;
    return { json: withAddresses ? json : withoutFileAddresses(json), source: "cache", fetchedAt };
  }

  #givenInOutage(answer: LocalEntry, reading: SharedRead, cause: CodedError): ServiceResponse {
    const { code } = cause;
    const ageMs = ageOf(answer, this.#now);
    const message = `${reading.call.endpoint} failed (${code}); a shared answer is given.`;
    this.#emit({ kind: "served", message, ageMs, code, cause });
    return this.#given(answer, reading);
  }

  /** A number from 0 to 1, 1 excluded. */
  #chance(): number {
    return (this.#random(1)[0] ?? 0) / 256;
  }

  /** Waits a little, each replica a little differently. */
  async #pause(ms: number, { endpoint, wait: { signal } }: ServiceCall): Promise<void> {
    try {
      await (this.#options.sleep ?? platformSleep)(Math.ceil(ms * (0.5 + this.#chance())), signal);
    } catch (cause) {
      if (signal?.aborted !== true) throw cause;
      throw new AbortedError(`Calling ${endpoint} was aborted.`, { cause });
    }
  }
}
