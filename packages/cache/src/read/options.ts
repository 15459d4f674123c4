/** Options of the read cache, checked once. */
import type { Clock, WaitOptions } from "@ksmkit/common";
import type {
  Middleware,
  FoldersResult,
  KsmFile,
  ReadOptions,
  SecretsQuery,
  SecretsResult,
} from "@ksmkit/core";
import { checkNumbers, refuseOption } from "../errors/cache-error.ts";
import type { CacheEventListener } from "../event.ts";

/** The part of a client that is read through; `SecretsManager` and `SecretsEditor` have it. */
export interface SecretsReader {
  getSecrets(query: SecretsQuery): Promise<SecretsResult>;
  getFolders(options: ReadOptions): Promise<FoldersResult>;
  downloadFile(file: KsmFile, options: WaitOptions): Promise<Uint8Array<ArrayBuffer>>;
}

/** Runs something later; the function given back prevents it. */
export type Timer = (ms: number, run: () => void) => () => void;

/** Options of {@link ReadCache}. */
export interface ReadCacheOptions<C extends SecretsReader> {
  /**
   * The client; or a function that makes it and puts what it is given first into the client's `middleware` option, so
   * that the cache learns of writes.
   */
  client: C | ((watch: Middleware) => C);
  /** How long an answer is given without asking again, in milliseconds from when the service gave it. Default: 60 000. */
  ttlMs?: number | undefined;
  /** How much longer it is given while it is being read again in the background. Default: 0. */
  staleWhileRevalidateMs?: number | undefined;
  /** How much longer it is given when reading again fails because of an outage. Default: 300 000. */
  staleIfErrorMs?: number | undefined;
  /** How long it is remembered that a record is not there. Default: 5 000, and no longer than `ttlMs`. */
  negativeTtlMs?: number | undefined;
  /** Records in memory, counted once for each answer that holds them; what was not used longest goes. Default: 50 000. */
  maxRecords?: number | undefined;
  /** Told about events. Default: nobody. */
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

/** @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID` */
export function readCacheSettings(options: ReadCacheOptions<SecretsReader>): ReadCacheSettings {
  if (typeof options?.client !== "function" && typeof options?.client?.getSecrets !== "function") {
    throw refuseOption("client", "a client, or a function that makes one");
  }
  checkNumbers(options, 0, "ttlMs", "staleWhileRevalidateMs", "staleIfErrorMs", "negativeTtlMs");
  checkNumbers(options, 1, "maxRecords");
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
