/** Reads everything once, so that a cache has all of it. */
import type { CacheClient } from "./maintenance-calls.ts";

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
