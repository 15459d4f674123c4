/** A cache file of the vendor's SDKs: read as the last resort, written on request. */
import { decodeBase64, type JsonObject } from "@ksmkit/common";
import { provider } from "@ksmkit/core/crypto";
import { recordUids, selectRecords, withWarnings } from "../protocol/filter-response.ts";
import type { ReadQuery } from "../protocol/read-query.ts";
import type { StoredEntry } from "../entries/entry-store.ts";
import type { StoreWarning } from "../store/cache-store.ts";
import { readOfficialCache, writeOfficialCache } from "./official-layout.ts";

/** Where such a file is; `officialCacheFile` of `@ksmkit/cache/node` makes one. */
export interface OfficialCacheLocation {
  /** What and where it is, for messages. */
  readonly description: string;
  /** True when full listings are written to it. */
  readonly writable: boolean;
  /** The file and when it was written; `null` when there is none. */
  read(warn?: StoreWarning): Promise<{ bytes: Uint8Array; writtenAt: number } | null>;
  /** Replaces the file. */
  write(bytes: Uint8Array, warn?: StoreWarning): Promise<void>;
  /** Removes the file. */
  remove(): Promise<void>;
}

const partial =
  "Answered from a cache file of another SDK, which keeps its last response only: records may be missing.";

/**
 * A response from the file; `null` when it holds none, one of another application, or not all requested records.
 * The file names neither query, time nor client: its age is that of the file.
 */
export async function findOfficial(
  place: OfficialCacheLocation,
  appKey: Uint8Array,
  query: ReadQuery,
  warn: StoreWarning,
): Promise<StoredEntry | null> {
  if (query.kind === "folders" || (query.kind === "other" && query.folderUids.length === 0)) return null;
  const file = await place.read(warn);
  const answer = file && (await readOfficialCache(file.bytes));
  if (!answer || !(await belongsTo(answer, appKey))) return null;
  const { uids, folderUids, links } = query;
  const held = recordUids(answer);
  if (uids.some((uid) => !held.has(uid))) return null;
  const json = selectRecords(answer, {
    links,
    ...(uids.length > 0 && { uids: new Set(uids) }),
    ...(folderUids.length > 0 && { folderUids: new Set(folderUids) }),
  });
  const { writtenAt } = file;
  const value = query.kind === "records" ? json : withWarnings(json, [partial]);
  return { label: "official", value, requestedAt: writtenAt, fetchedAt: writtenAt, expiresAt: Infinity };
}

/** Writes a full listing as the vendor's SDKs would. */
export async function saveOfficial(
  place: OfficialCacheLocation,
  answer: JsonObject,
  warn: StoreWarning,
): Promise<void> {
  await place.write(await writeOfficialCache(answer), warn);
}

/** True when the application's own data opens under its key. */
async function belongsTo(answer: JsonObject, appKey: Uint8Array): Promise<boolean> {
  const { appData } = answer;
  const blob = typeof appData === "string" ? decodeBase64(appData) : null;
  return blob !== null && (await provider.openGcm(appKey, blob)) !== null;
}
