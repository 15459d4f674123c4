/** One result in memory, and how long it is valid. */
import type { FoldersResult, KsmRecord, SecretsResult } from "@ksmkit/core";
import type { ReadCacheSettings } from "./options.ts";

/** The result of a read. */
export type ReadResult = SecretsResult | FoldersResult;

/** A result and its times, all in milliseconds since the epoch. */
export interface ReadEntry<T extends ReadResult = ReadResult> {
  readonly key: string;
  readonly result: T;
  /** Records by uid; the first of several copies. */
  readonly records: ReadonlyMap<string, KsmRecord>;
  /** Requested uids; `undefined` for all. */
  readonly requestedUids: readonly string[] | undefined;
  /** When it was made. A clock that shows less was set back, so that the age is unknown. */
  readonly madeAt: number;
  /** Returned as it is until then. */
  readonly freshUntil: number;
  /** Returned during a refresh until then. */
  readonly revalidateUntil: number;
  /** Returned when a refresh fails until then. */
  readonly errorUntil: number;
  usedAt: number;
  /** After a failure, not tried again before. */
  retryAt: number;
  failures: number;
  /** Ends the entry's own timer. */
  cancel: () => void;
}

/** Makes an entry from what was read. */
export function newEntry<T extends ReadResult>(
  key: string,
  result: T,
  requestedUids: readonly string[] | undefined,
  settings: ReadCacheSettings,
): ReadEntry<T> {
  const now = settings.clock();
  const { fetchedAt, source } = result.freshness;
  const records = new Map<string, KsmRecord>();
  if ("records" in result) {
    for (const record of result.records) if (!records.has(record.uid)) records.set(record.uid, record);
  }
  const missing = requestedUids?.some((uid) => !records.has(uid)) === true;
  const bornAt = source === "service" ? now : Math.min(now, fetchedAt);
  const accessEndsAt = "expiresOn" in result ? (result.expiresOn?.getTime() ?? Infinity) : Infinity;
  // A result that is old already, from a cache behind this one in an outage, is refreshed soon.
  const freshUntil = missing
    ? now + settings.negativeTtlMs
    : Math.max(bornAt + settings.ttlMs, now + settings.negativeTtlMs);
  return {
    key,
    result,
    records,
    requestedUids,
    madeAt: now,
    freshUntil: Math.min(freshUntil, accessEndsAt),
    revalidateUntil: Math.min(freshUntil + settings.staleWhileRevalidateMs, accessEndsAt),
    errorUntil: Math.min(freshUntil + settings.staleIfErrorMs, accessEndsAt),
    usedAt: now,
    retryAt: 0,
    failures: 0,
    cancel: () => {},
  };
}

/** True while an entry is returned without a refresh. */
export function isFresh({ madeAt, freshUntil }: ReadEntry, now: number): boolean {
  return now < freshUntil && now >= madeAt;
}

/** When an entry can no longer be returned at all. */
export function endOf(entry: ReadEntry): number {
  return Math.max(entry.freshUntil, entry.revalidateUntil, entry.errorUntil);
}
