/** A rehearsal of an outage: what the service gives now, against what the store alone would give. */
import { CodedError, type Clock } from "@ksmkit/common";
import type { CachedRecord, CacheClient, Visits } from "./maintenance-calls.ts";

/** Something that an application would have to do without. */
export interface DrillLoss {
  readonly uid: string;
  /**
   * - `not-stored`: nothing stored has the record, or it is withheld or too old
   * - `outdated`: the stored copy is of an older revision
   * - `files`: the record is there, the content of its files is not: caches hold no file content
   */
  readonly reason: "not-stored" | "outdated" | "files";
}

/** What `DisasterCache.drill` reports. */
export interface DrillReport {
  readonly rehearsedAt: Date;
  /** Whether the service answered; without it, only what is stored is told. */
  readonly online: boolean;
  /** Code of the service's failure, when it did not answer. */
  readonly onlineError: string | undefined;
  /** Records that the service gives now. */
  readonly liveRecords: number;
  /** Records that the store would give. */
  readonly storedRecords: number;
  /** Whether reading everything would work; otherwise only records by uid do. */
  readonly listing: boolean;
  /** Whether reading folders would work. */
  readonly folders: boolean;
  /** Age of the oldest answer that would be given, in milliseconds; `undefined` when there is none. */
  readonly ageMs: number | undefined;
  /** What would be missing or different. */
  readonly losses: readonly DrillLoss[];
  /** True when an outage now would take nothing but file content. */
  readonly ready: boolean;
}

// Records looked up one by one where there is no listing; more than this take too long to be a rehearsal.
const maxSingles = 1_000;

/** Past caches that stand before this one: they are not what is rehearsed. */
const fresh = true;

/** Runs the rehearsal. */
export async function runDrill(client: CacheClient, visits: Visits, clock: Clock): Promise<DrillReport> {
  const live = await attempt(() =>
    visits.run({ mode: "service" }, (signal) => client.getSecrets({ signal, fresh: true })),
  );
  const fromStore = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | CodedError> =>
    attempt(() => visits.run({ mode: "store" }, work));
  const listing = await fromStore((signal) => client.getSecrets({ signal, fresh }));
  const folders = await fromStore((signal) => client.getFolders({ signal, fresh }));
  const online = !CodedError.isInstance(live);
  const liveRecords = online ? live.records : [];
  const stored = new Map<string, CachedRecord>();
  const ages: number[] = [];
  if (!CodedError.isInstance(listing)) {
    for (const record of listing.records) stored.set(record.uid, record);
    ages.push(listing.freshness.ageMs);
  }
  for (const { uid } of liveRecords.filter(({ uid }) => !stored.has(uid)).slice(0, maxSingles)) {
    const single = await fromStore((signal) => client.getSecrets({ signal, fresh, uids: [uid] }));
    if (CodedError.isInstance(single)) continue;
    for (const record of single.records) stored.set(record.uid, record);
    ages.push(single.freshness.ageMs);
  }
  if (!CodedError.isInstance(folders)) ages.push(folders.freshness.ageMs);
  const losses = liveRecords.flatMap((record) => lossesOf(record, stored.get(record.uid)));
  return {
    rehearsedAt: new Date(clock()),
    online,
    onlineError: online ? undefined : live.code,
    liveRecords: liveRecords.length,
    storedRecords: stored.size,
    listing: !CodedError.isInstance(listing),
    folders: !CodedError.isInstance(folders),
    ageMs: ages.length > 0 ? Math.max(...ages) : undefined,
    losses,
    ready:
      !CodedError.isInstance(listing) &&
      !CodedError.isInstance(folders) &&
      losses.every(({ reason }) => reason === "files"),
  };
}

function lossesOf(live: CachedRecord, stored: CachedRecord | undefined): DrillLoss[] {
  const { uid } = live;
  if (stored === undefined) return [{ uid, reason: "not-stored" }];
  const losses: DrillLoss[] = [];
  if (stored.revision !== live.revision) losses.push({ uid, reason: "outdated" });
  if (live.files.length > 0) losses.push({ uid, reason: "files" });
  return losses;
}

/** The outcome, or the coded error; anything else is a fault of the program and is thrown. */
async function attempt<T>(work: () => Promise<T>): Promise<T | CodedError> {
  try {
    return await work();
  } catch (error) {
    if (!CodedError.isInstance(error)) throw error;
    return error;
  }
}

/** What was read and stored. */
export interface WarmReport {
  /** Records that opened. */
  readonly records: number;
  readonly folders: number;
  /** Uids of what did not open; it is stored as it is. */
  readonly problems: readonly string[];
}

/** Reads records with and without links, and folders. */
export async function warmUp(client: CacheClient, signal: AbortSignal): Promise<WarmReport> {
  // One listing with links answers every question; without them would be the same again.
  const { records, problems } = await client.getSecrets({ signal, links: true, fresh: true });
  const { folders } = await client.getFolders({ signal, fresh: true });
  return { records: records.length, folders: folders.length, problems: problems.map(({ uid = "" }) => uid) };
}
