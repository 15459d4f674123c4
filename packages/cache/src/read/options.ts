/** Options of the read cache, checked once. */
import {
  flagOption,
  functionOption,
  oneOf,
  waitOptionChecks,
  type Clock,
  type OptionCheck,
  type OptionChecks,
  type WaitOptions,
} from "@ksmkit/common";
import type {
  Middleware,
  FoldersResult,
  KsmFile,
  ReadOptions,
  SecretsQuery,
  SecretsResult,
} from "@ksmkit/core";
import { numberFrom, objectWith, requireOptions } from "../errors/cache-error.ts";
import type { CacheEventListener } from "../event.ts";

/** The part of a client that is read through; `SecretsManager` and `SecretsEditor` have it. */
export interface SecretsReader {
  getSecrets(query: SecretsQuery): Promise<SecretsResult>;
  getFolders(options: ReadOptions): Promise<FoldersResult>;
  downloadFile(file: KsmFile, options: WaitOptions): Promise<Uint8Array<ArrayBuffer>>;
}

/** Runs a function later; the returned function cancels it. */
export type Timer = (ms: number, run: () => void) => () => void;

/** Options of {@link ReadCache}. */
export interface ReadCacheOptions<C extends SecretsReader> {
  /**
   * The client; or a function that makes it and puts its argument first into the client's `middleware` option, so
   * that the cache learns of writes.
   */
  client: C | ((watch: Middleware) => C);
  /** How long a result is returned without a refresh, in milliseconds from when the service returned it. Default: 60 000. */
  ttlMs?: number | undefined;
  /** How much longer it is returned during a refresh in the background, in milliseconds. Default: 0. */
  staleWhileRevalidateMs?: number | undefined;
  /** How much longer it is returned when a refresh fails because of an outage, in milliseconds. Default: 300 000. */
  staleIfErrorMs?: number | undefined;
  /** How long it is remembered that a record does not exist, in milliseconds. Default: 5 000, and at most `ttlMs`. */
  negativeTtlMs?: number | undefined;
  /** Records in memory, counted once for each result that holds them; the least recently used is evicted. Default: 50 000. */
  maxRecords?: number | undefined;
  /** Called for every event. Optional. */
  onEvent?: CacheEventListener | undefined;
  /** Current time. Default: `Date.now`. */
  clock?: Clock | undefined;
  /** Timers that let a process end. Default: the platform's. */
  timer?: Timer | undefined;
}

/** What the cache works with. */
export interface ReadCacheSettings {
  readonly ttlMs: number;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly negativeTtlMs: number;
  readonly maxRecords: number;
  readonly clock: Clock;
  readonly timer: Timer;
}

/** The default {@link Timer}; where timers can keep a process alive, these do not. */
const platformTimer: Timer = (ms, run) => {
  // Timers take at most 2^31-1 ms; anything longer is as good as that.
  const timer: unknown = setTimeout(run, Math.min(ms, 0x7fff_ffff));
  if (typeof timer === "object" && timer !== null && "unref" in timer) (timer as { unref(): void }).unref();
  return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
};

const client = objectWith("a client, or a function that makes one", "getSecrets");

const checks: OptionChecks<ReadCacheOptions<SecretsReader>> = {
  client: { ...client, accepts: (value) => typeof value === "function" || client.accepts(value) },
  ttlMs: numberFrom(0),
  staleWhileRevalidateMs: numberFrom(0),
  staleIfErrorMs: numberFrom(0),
  negativeTtlMs: numberFrom(0),
  maxRecords: numberFrom(1),
  onEvent: functionOption,
  clock: functionOption,
  timer: functionOption,
};

const uids: OptionCheck = {
  accepts: (value) => [value].flat().every((uid) => typeof uid === "string" && uid !== ""),
  expected: "a uid or a list of uids",
};

/** Checks of `ReadOptions`: here, since a result from memory involves no client. */
export const readChecks: OptionChecks<ReadOptions> = {
  ...waitOptionChecks,
  fresh: flagOption,
  context: { accepts: (value) => typeof value === "object" && value !== null, expected: "an object" },
};

/** Checks of `SecretsQuery`, see {@link readChecks}. */
export const queryChecks: OptionChecks<SecretsQuery> = {
  uids,
  folderUids: uids,
  links: flagOption,
  lazy: oneOf(true, false, "auto"),
  keepDuplicates: flagOption,
  ...readChecks,
};

/** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
export function readCacheSettings(options: ReadCacheOptions<SecretsReader>): ReadCacheSettings {
  requireOptions(options, checks, "ReadCache");
  const { ttlMs = 60_000, negativeTtlMs = 5_000, clock = Date.now, timer = platformTimer } = options;
  return {
    ttlMs,
    staleWhileRevalidateMs: options.staleWhileRevalidateMs ?? 0,
    staleIfErrorMs: options.staleIfErrorMs ?? 300_000,
    negativeTtlMs: Math.min(negativeTtlMs, ttlMs),
    maxRecords: options.maxRecords ?? 50_000,
    clock,
    timer,
  };
}
