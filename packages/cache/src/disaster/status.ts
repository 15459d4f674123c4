/** The status of a cache: what is stored for a client. */
import type { Ledger } from "../entries/ledger.ts";

/** One stored response. */
export interface CacheStatusEntry {
  /** `listing`: everything; `record`: one; `folders`: all folders; `query`: the response to another query. */
  readonly kind: "listing" | "record" | "folders" | "query";
  /** Uid of the record, for `record`. */
  readonly uid: string | undefined;
  /** Whether links are in it. */
  readonly links: boolean;
  readonly fetchedAt: Date;
  readonly ageMs: number;
  /** Older than `maxStaleMs`. */
  readonly tooOld: boolean;
  /** True for a record that this application has changed since. */
  readonly stale: boolean;
  /** Sealed size. */
  readonly bytes: number;
}

/** What `DisasterCache.status` reports. */
export interface CacheStatus {
  /** What and where the store is. */
  readonly store: string;
  /** Newest first. */
  readonly entries: readonly CacheStatusEntry[];
  /** Sealed size of all entries. */
  readonly bytes: number;
  /** Uids of records that this application has changed since their copy was stored. */
  readonly staleUids: readonly string[];
  /** When the service last denied access; `undefined` for never. */
  readonly deniedAt: Date | undefined;
}

/** Makes the status from a ledger. */
export function statusOf(
  ledger: Ledger,
  { now, maxStaleMs, store }: { now: number; maxStaleMs: number; store: string },
): CacheStatus {
  const listedAt =
    ledger.entries.get("listing")?.requestedAt ?? ledger.entries.get("listing links")?.requestedAt ?? 0;
  const entries = [...ledger.entries]
    .map(([label, { requestedAt, fetchedAt, bytes }]): CacheStatusEntry => {
      const [, word = "query", links, rest] =
        /^(listing|record|folders|query)( links)?(?: (.*))?$/s.exec(label) ?? [];
      const uid = word === "record" ? rest : undefined;
      const changedAt = uid === undefined ? -1 : (ledger.changes.get(uid)?.at ?? -1);
      return {
        kind: word as CacheStatusEntry["kind"],
        uid,
        links: links !== undefined,
        fetchedAt: new Date(fetchedAt),
        ageMs: Math.max(0, now - fetchedAt),
        tooOld: now >= fetchedAt + maxStaleMs,
        stale: changedAt >= requestedAt,
        bytes,
      };
    })
    .sort((a, b) => b.fetchedAt.getTime() - a.fetchedAt.getTime());
  const staleUids = [...ledger.changes]
    .filter(([uid, { at }]) => at >= Math.max(listedAt, ...recordTimes(ledger, uid)))
    .map(([uid]) => uid);
  return {
    store,
    entries,
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    staleUids,
    deniedAt: ledger.deniedAt > 0 ? new Date(ledger.deniedAt) : undefined,
  };
}

function recordTimes({ entries }: Ledger, uid: string): number[] {
  return [`record ${uid}`, `record links ${uid}`].map((label) => entries.get(label)?.requestedAt ?? 0);
}
