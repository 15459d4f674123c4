/** Options of the shared cache, checked once. */
import { functionOption, type Clock, type OptionChecks, type Random, type Sleep } from "@ksmkit/common";
import { numberFrom, objectWith, requireOptions, timerMsFrom } from "../errors/cache-error.ts";
import type { CacheEventListener } from "../event.ts";
import type { SharedStore } from "./shared-store.ts";

/** Options of {@link SharedCache}. */
export interface SharedCacheOptions {
  /** What the fleet shares: `redisSharedStore({ client })`, or `memorySharedStore()` within one process. */
  store: SharedStore;
  /** How long an answer is given without asking the service, in milliseconds. Default: 10 000. */
  ttlMs?: number | undefined;
  /**
   * How much longer it is given, in milliseconds: while one replica reads it again, and when that fails because of an
   * outage. Default: 60 000.
   */
  maxStaleMs?: number | undefined;
  /**
   * How long the replica that reads again has that right to itself, in milliseconds; longer than a read takes.
   * Default: 10 000.
   */
  leaseMs?: number | undefined;
  /**
   * How long the others wait for an answer where there is none to give, in milliseconds. After that eight at a time
   * ask too, and the rest goes on waiting: by `leaseMs` longer at least, three quarters of the call's own limit at
   * most. Default: 2 000.
   */
  waitMs?: number | undefined;
  /** How long the store is waited for, for each access; then the service is asked. Default: 250 milliseconds. */
  storeTimeoutMs?: number | undefined;
  /** How long a store that failed is left alone. Default: 5 000 milliseconds. */
  storePauseMs?: number | undefined;
  /** Answers that each process keeps in memory besides. Default: 100. */
  maxLocal?: number | undefined;
  /** Told about events. Default: nobody. */
  onEvent?: CacheEventListener | undefined;
  /** Current time. Default: `Date.now`. */
  clock?: Clock | undefined;
  /** Waiting. Default: a timer. */
  sleep?: Sleep | undefined;
  /** Random bytes, for names of leases and for spreading attempts. Default: the platform's generator. */
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
