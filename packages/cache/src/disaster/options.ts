/** Options of the disaster cache, checked once. */
import type { Clock, Sleep } from "@ksmkit/common";
import { checkLimits, checkNumbers, refuseOption } from "../errors/cache-error.ts";
import type { CacheEventListener } from "../event.ts";
import type { OfficialCacheLocation } from "../official/official-cache.ts";
import type { CacheStore } from "../store/cache-store.ts";

/**
 * When stored answers are used.
 *
 * - `fallback`: when the service cannot be reached, times out, fails (5xx) or throttles to the end
 * - `prefer`: also while they are younger than `freshForMs`
 * - `only`: always; the service is never asked, and what needs it fails with `ERR_CACHE_OFFLINE`
 */
export type OfflineMode = "fallback" | "prefer" | "only";

/** Options of {@link DisasterCache}. */
export interface DisasterCacheOptions {
  /** Where sealed answers are kept: `memoryStore`, `fileStore`, `redisStore`, `unstorageStore`, or your own. */
  store: CacheStore;
  /** When stored answers are used. Default: `fallback`. */
  offline?: OfflineMode | undefined;
  /** Age in milliseconds from which a stored answer is too old. Default: 604 800 000 (7 days). */
  maxStaleMs?: number | undefined;
  /**
   * What becomes of answers that are too old, or of records that this application has changed since: `fail-closed`
   * does not serve them, `fail-open` does, with a notice. Default: `fail-closed`.
   */
  beyondMaxStale?: "fail-closed" | "fail-open" | undefined;
  /** For `prefer`: age in milliseconds up to which a stored answer does. Default: 300 000 (5 minutes). */
  freshForMs?: number | undefined;
  /**
   * How long the service is waited for, all repetitions included, when the call sets no shorter limit. Default:
   * 30 000 milliseconds; the client's own limit of ten minutes is long when there is an answer at hand.
   */
  networkTimeoutMs?: number | undefined;
  /** How long the store is waited for, for each answer kept or looked for. Default: 5 000 milliseconds. */
  storeTimeoutMs?: number | undefined;
  /** Stored entries per client; the oldest go, full listings and folders last. Default: 500. */
  maxEntries?: number | undefined;
  /** A cache file of the vendor's SDKs: read when nothing else answers, and written on request. */
  official?: OfficialCacheLocation | undefined;
  /** Told about events; see {@link CacheEvent}. Default: nobody. */
  onEvent?: CacheEventListener | undefined;
  /** Current time. Default: `Date.now`. */
  clock?: Clock | undefined;
  /** Waiting. Default: a timer. */
  sleep?: Sleep | undefined;
}

/** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
export function checkDisasterOptions(options: DisasterCacheOptions): void {
  const { store, offline = "fallback", beyondMaxStale = "fail-closed" } = options ?? {};
  if (typeof store?.read !== "function" || typeof store.update !== "function") {
    throw refuseOption("store", "a store such as memoryStore()");
  }
  if (!["fallback", "prefer", "only"].includes(offline)) {
    throw refuseOption("offline", '"fallback", "prefer" or "only"');
  }
  if (!["fail-closed", "fail-open"].includes(beyondMaxStale)) {
    throw refuseOption("beyondMaxStale", '"fail-closed" or "fail-open"');
  }
  checkNumbers(options, 0, "maxStaleMs", "freshForMs");
  checkNumbers(options, 1, "networkTimeoutMs", "maxEntries");
  checkLimits(options, 1, "storeTimeoutMs");
}
