/** Options of the disaster cache, checked once. */
import { functionOption, oneOf, type Clock, type OptionChecks, type Sleep } from "@ksmkit/common";
import { numberFrom, objectWith, requireOptions, timerMsFrom } from "../errors/cache-error.ts";
import type { CacheEventListener } from "../event.ts";
import type { OfficialCacheLocation } from "../official/official-cache.ts";
import type { CacheStore } from "../store/cache-store.ts";

/**
 * When stored responses are used.
 *
 * - `fallback`: when the service cannot be reached, times out, fails (5xx) or throttles to the end
 * - `prefer`: also while they are younger than `freshForMs`
 * - `only`: always; the service is never asked, and what needs it fails with `ERR_CACHE_OFFLINE`
 */
export type OfflineMode = "fallback" | "prefer" | "only";

/** Options of {@link DisasterCache}. */
export interface DisasterCacheOptions {
  /** Where sealed responses are stored: `memoryStore`, `fileStore`, `redisStore`, `unstorageStore`, or your own. */
  store: CacheStore;
  /** When stored responses are used. Default: `fallback`. */
  offline?: OfflineMode | undefined;
  /** Age in milliseconds from which a stored response is too old. Default: 604 800 000 (7 days). */
  maxStaleMs?: number | undefined;
  /**
   * Whether to serve responses that are too old, and records that this application has changed since: `fail-closed`
   * does not, `fail-open` does, with an event. Default: `fail-closed`.
   */
  beyondMaxStale?: "fail-closed" | "fail-open" | undefined;
  /** For `prefer`: age in milliseconds up to which a stored response is used. Default: 300 000 (5 minutes). */
  freshForMs?: number | undefined;
  /**
   * Time limit for the service in milliseconds, retries included, when the call sets no shorter one. Default:
   * 30 000; the client's own limit of ten minutes is long when a stored response is at hand.
   */
  networkTimeoutMs?: number | undefined;
  /** Time limit for the store in milliseconds, for each response saved or looked up. Default: 5 000. */
  storeTimeoutMs?: number | undefined;
  /** Stored entries per client; the oldest are evicted, full listings and folders last. Default: 500. */
  maxEntries?: number | undefined;
  /** A cache file of the vendor's SDKs: read when nothing else is stored, and written on request. */
  official?: OfficialCacheLocation | undefined;
  /** Called for every event; see {@link CacheEvent}. Optional. */
  onEvent?: CacheEventListener | undefined;
  /** Current time. Default: `Date.now`. */
  clock?: Clock | undefined;
  /** Waiting. Default: a timer. */
  sleep?: Sleep | undefined;
}

/** Default of `maxStaleMs`: 7 days. */
export const defaultMaxStaleMs = 604_800_000;
const defaultFreshForMs = 300_000;

/**
 * After how many milliseconds an unchanged response is written again. Until then the store shows an age that is higher
 * by as much at most: small against every age that the options compare it with.
 */
export function rewriteAfterMs(options: DisasterCacheOptions): number {
  const { offline, maxStaleMs = defaultMaxStaleMs, freshForMs = defaultFreshForMs } = options;
  return Math.min(60_000, maxStaleMs / 20, offline === "prefer" ? freshForMs / 5 : Infinity);
}

const checks: OptionChecks<DisasterCacheOptions> = {
  store: objectWith("a store such as memoryStore()", "read", "update"),
  offline: { ...oneOf("fallback", "prefer", "only"), expected: '"fallback", "prefer" or "only"' },
  maxStaleMs: numberFrom(0),
  beyondMaxStale: { ...oneOf("fail-closed", "fail-open"), expected: '"fail-closed" or "fail-open"' },
  freshForMs: numberFrom(0),
  networkTimeoutMs: numberFrom(1),
  storeTimeoutMs: timerMsFrom(1),
  maxEntries: numberFrom(1),
  official: {
    accepts: (value) => typeof value === "object" && value !== null,
    expected: "an officialCacheFile()",
  },
  onEvent: functionOption,
  clock: functionOption,
  sleep: functionOption,
};

/** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
export function checkDisasterOptions(options: DisasterCacheOptions): void {
  requireOptions(options, checks, "DisasterCache");
}
