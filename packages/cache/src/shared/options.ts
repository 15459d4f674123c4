/** Options of the shared cache, checked once. */
import { functionOption, type Clock, type OptionChecks, type Random, type Sleep } from "@ksmkit/common";
import { numberFrom, objectWith, requireOptions, timerMsFrom } from "../errors/cache-error.ts";
import type { CacheEventListener } from "../event.ts";
import type { SharedStore } from "./shared-store.ts";

/** Options of {@link SharedCache}. */
export interface SharedCacheOptions {
  /** What the fleet shares: `redisSharedStore({ client })`, or `memorySharedStore()` within one process. */
  store: SharedStore;
  /** How long a response is returned without asking the service, in milliseconds. Default: 10 000. */
  ttlMs?: number | undefined;
  /**
   * How much longer it is returned, in milliseconds: while one replica refreshes it, and when that fails because of an
   * outage. Default: 60 000.
   */
  maxStaleMs?: number | undefined;
  /**
   * How long the replica that refreshes a response has the only right to, in milliseconds; longer than a read takes.
   * Default: 10 000.
   */
  leaseMs?: number | undefined;
  /**
   * How long the others wait for a response where there is none to return, in milliseconds. After that eight at a time
   * ask the service too, and the rest waits on: `leaseMs` longer at least, three quarters of the call's own limit at
   * most. Default: 2 000.
   */
  waitMs?: number | undefined;
  /** Time limit of each access to the store in milliseconds; then the service is asked. Default: 250. */
  storeTimeoutMs?: number | undefined;
  /** How long a store that failed is not used, in milliseconds. Default: 5 000. */
  storePauseMs?: number | undefined;
  /** Responses that each process also keeps in memory. Default: 100. */
  maxLocal?: number | undefined;
  /** Called for every event. Optional. */
  onEvent?: CacheEventListener | undefined;
  /** Current time. Default: `Date.now`. */
  clock?: Clock | undefined;
  /** Waiting. Default: a timer. */
  sleep?: Sleep | undefined;
  /** Random bytes, for ids of leases and for spreading attempts. Default: the platform's generator. */
  random?: Random | undefined;
}

const checks: OptionChecks<SharedCacheOptions> = {
  store: objectWith("a shared store such as redisSharedStore({ client })", "look", "lease"),
  ttlMs: timerMsFrom(1),
  maxStaleMs: timerMsFrom(0),
  leaseMs: timerMsFrom(1),
  waitMs: timerMsFrom(0),
  storeTimeoutMs: timerMsFrom(1),
  storePauseMs: timerMsFrom(0),
  maxLocal: numberFrom(1),
  onEvent: functionOption,
  clock: functionOption,
  sleep: functionOption,
  random: functionOption,
};

/** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
export function checkSharedOptions(options: SharedCacheOptions): void {
  requireOptions(options, checks, "SharedCache");
}
