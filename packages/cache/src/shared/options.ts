/** Options of the shared cache, checked once. */
import type { Clock, Random, Sleep } from "@ksmkit/common";
import { checkLimits, checkNumbers, refuseOption } from "../errors/cache-error.ts";
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

/** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
export function checkSharedOptions(options: SharedCacheOptions): void {
  const { store } = options ?? {};
  if (typeof store?.look !== "function" || typeof store.lease !== "function") {
    throw refuseOption("store", "a shared store such as redisSharedStore({ client })");
  }
  checkLimits(options, 0, "maxStaleMs", "waitMs", "storePauseMs");
  checkLimits(options, 1, "ttlMs", "leaseMs", "storeTimeoutMs");
  checkNumbers(options, 1, "maxLocal");
}
