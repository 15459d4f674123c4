/** Warming a cache, and the drill of an outage: what the service returns now against what the store alone would. */
import { CodedError, type Clock } from "@ksmkit/common";
import {
  MaintenanceContext,
  type CachedRecord,
  type CacheClient,
  type MaintenanceMode,
} from "./maintenance-calls.ts";

/** Something that an application would be without in an outage. */
export interface DrillLoss {
  readonly uid: string;
  /**
   * - `not-stored`: no stored response holds the record, or it is withheld or too old
   * - `outdated`: the stored copy is of an older revision
   * - `files`: the record is stored, the content of its files is not: caches hold no file content
   */
  readonly reason: "not-stored" | "outdated" | "files";
}

/** What `DisasterCache.drill` reports. */
export interface DrillReport {
  readonly rehearsedAt: Date;
  /** Whether the service responded; if not, the report covers what is stored only. */
  readonly online: boolean;
  /** Code of the service's failure, when it did not respond. */
  readonly onlineError: string | undefined;
  /** Records that the service returns now. */
  readonly liveRecords: number;
  /** Records that the store would return. */
  readonly storedRecords: number;
  /** Whether reading everything would work; otherwise only records by uid do. */
  readonly listing: boolean;
  /** Whether reading folders would work. */
  readonly folders: boolean;
  /** Age of the oldest response that would be returned, in milliseconds; `undefined` when there is none. */
  readonly ageMs: number | undefined;
  /** What would be missing or different. */
  readonly losses: readonly DrillLoss[];
  /** True when an outage now would cost nothing but file content. */
  readonly ready: boolean;
}

/** What `DisasterCache.warm` has read and stored. */
export interface WarmReport {
  /** Records that opened. */
  readonly records: number;
  readonly folders: number;
  /** Uids of what did not open; it is stored as it is. */
  readonly problems: readonly string[];
}

// Records looked up one by one where there is no listing; more would take too long for a drill.
const maxSingles = 1_000;

/** Past the caches before this one: they are not what is maintained. */
const fresh = true;

/** Reads records with and without links, and folders, so that all of it is stored. */
export async function warmUp(client: CacheClient, owner: object): Promise<WarmReport> {
  const context = new MaintenanceContext(owner, "warm");
  // A listing with links covers every query; one without would store the same again.
  const { records, problems } = await client.getSecrets({ context, links: true, fresh });
  const { folders } = await client.getFolders({ context, fresh });
  return { records: records.length, folders: folders.length, problems: problems.map(({ uid = "" }) => uid) };
}

/** Compares what the service returns with what the store alone would. Nothing is stored or removed. */
export async function runDrill(client: CacheClient, owner: object, clock: Clock): Promise<DrillReport> {
  const contextOf = (mode: MaintenanceMode): MaintenanceContext => new MaintenanceContext(owner, mode);
  const live = await attempt(() => client.getSecrets({ context: contextOf("service"), fresh }));
  const context = contextOf("store");
  const listing = await attempt(() => client.getSecrets({ context, fresh }));
  const folders = await attempt(() => client.getFolders({ context, fresh }));
  const online = !CodedError.isInstance(live);
  const liveRecords = online ? live.records : [];
  const stored = new Map<string, CachedRecord>();
  const ages: number[] = [];
  if (!CodedError.isInstance(listing)) {
    for (const record of listing.records) stored.set(record.uid, record);
    ages.push(listing.freshness.ageMs);
  }
  for (const { uid } of liveRecords.filter(({ uid }) => !stored.has(uid)).slice(0, maxSingles)) {
    const single = await attempt(() => client.getSecrets({ context, fresh, uids: [uid] }));
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

/** The result, or the coded error; any other error is a fault of the program and is thrown. */
async function attempt<T>(work: () => Promise<T>): Promise<T | CodedError> {
  try {
    return await work();
  } catch (error) {
    if (!CodedError.isInstance(error)) throw error;
    return error;
  }
}
