/** Puts the best response to a query together from stored entries, and splits a response into entries. */
import type { JsonObject } from "@ksmkit/common";
import {
  accessEndsAt,
  joinResponses,
  recordUids,
  selectRecords,
  withoutRecords,
  withWarnings,
} from "../protocol/filter-response.ts";
import type { ReadQuery } from "../protocol/read-query.ts";
import type { Ledger } from "../entries/ledger.ts";
import type { EntryStore, StoredEntry } from "../entries/entry-store.ts";

/** A response put together from stored entries. Its times are those of its oldest part. */
export interface StoredResponse {
  readonly json: JsonObject;
  readonly requestedAt: number;
  readonly fetchedAt: number;
  readonly expiresAt: number;
  /** When the client's access ends, in milliseconds since the epoch; nothing is served afterwards, whatever the policy. */
  readonly accessEndsAt: number;
  /** True when this application has changed part of it since. */
  readonly stale: boolean;
  /** Uids of records that were left out because this application has changed them since. */
  readonly withheld: readonly string[];
  /** Uids of requested records that it lacks, and that this application has written since. */
  readonly unknown: readonly string[];
  /** True when there is no ledger, so that neither later writes nor a denial are known. */
  readonly ledgerMissing: boolean;
}

/** Options of {@link assemble}. */
export interface StoredResponseOptions {
  /** Leaves out records that this application has changed since. */
  readonly withhold: boolean;
  /** Adds the warning that there is no ledger. Default: false. */
  readonly ledgerMissing?: boolean;
}

const noLedger =
  "The cache has lost its ledger: changes by this application after the stored copy was made are not known.";

// Each entry is a file of its own: a response with more records is stored as a whole.
const maxRecordEntries = 8;

/** Labels of the entries that each answer a query alone, best first. */
function wholeLabels({ kind, links, text }: ReadQuery): string[] {
  if (kind === "folders") return ["folders"];
  if (kind === "listing") return listingLabels(links);
  return [`query ${text}`];
}

/** Full listings; one with links also serves queries without links. */
function listingLabels(links: boolean): string[] {
  return links ? ["listing links"] : ["listing", "listing links"];
}

function recordLabels(uid: string, links: boolean): string[] {
  return links ? [`record links ${uid}`] : [`record ${uid}`, `record links ${uid}`];
}

/** The entries to store for a response: one for each of a few records, one for anything else. */
export function entriesOf(query: ReadQuery, response: Omit<StoredEntry, "label">): StoredEntry[] {
  const { kind, uids, links } = query;
  if (kind !== "records" || uids.length > maxRecordEntries) {
    const [label = ""] = wholeLabels(query);
    return [{ ...response, label }];
  }
  const held = recordUids(response.value);
  return uids.map((uid) => {
    const [label = ""] = recordLabels(uid, links);
    // A response that holds nothing else is stored as it was received.
    if (held.size === 1 && held.has(uid)) return { ...response, label };
    const value = selectRecords(response.value, { uids: new Set([uid]) });
    return { ...response, label, value, content: undefined };
  });
}

/** Finds the newest stored response to a query; `null` when the entries do not cover all of it. */
export async function findStored(
  entries: EntryStore,
  query: ReadQuery,
  options: StoredResponseOptions,
): Promise<StoredResponse | null> {
  const ledger = await entries.readLedger();
  const get = (label: string): Promise<StoredEntry | null> => entries.get(label, ledger);
  const ledgerMissing = ledger.sequence === 0;
  return assemble(await partsOf(query, ledger, get), ledger, query, { ...options, ledgerMissing });
}

type Get = (label: string) => Promise<StoredEntry | null>;

/** The entries that together answer a query; one is `null` when something is missing. */
async function partsOf(query: ReadQuery, ledger: Ledger, get: Get): Promise<(StoredEntry | null)[]> {
  if (query.kind === "listing") return listingWithRecords(query, ledger, get);
  if (query.kind === "records") return recordsOneByOne(query, ledger, get);
  const exact = await newest(wholeLabels(query), get);
  return [query.kind === "folders" ? exact : newer(exact, await fromListing(query, get))];
}

/** The full listing, and later entries of single records in place of the listing's own. */
async function listingWithRecords(
  { links }: ReadQuery,
  ledger: Ledger,
  get: Get,
): Promise<(StoredEntry | null)[]> {
  const listing = await newest(listingLabels(links), get);
  if (listing === null) return [null];
  const later = new Map<string, StoredEntry>();
  for (const [label, { requestedAt }] of ledger.entries) {
    const match = /^record (links )?(\S+)$/.exec(label);
    const uid = match?.[2];
    if (uid === undefined || requestedAt <= listing.requestedAt || (links && match?.[1] === undefined))
      continue;
    const entry = newer(later.get(uid) ?? null, await get(label));
    if (entry !== null) later.set(uid, entry);
  }
  if (later.size === 0) return [listing];
  return [{ ...listing, value: withoutRecords(listing.value, new Set(later.keys())) }, ...later.values()];
}

/** Each record from the newest entry that holds it; `[null]` when one is not stored. */
async function recordsOneByOne(query: ReadQuery, ledger: Ledger, get: Get): Promise<(StoredEntry | null)[]> {
  const { uids, links } = query;
  const asWhole = await newest(wholeLabels(query), get);
  const singles = new Map<string, StoredEntry>();
  for (const uid of uids) {
    const labels = recordLabels(uid, links);
    // Few of many records are stored one by one: the ledger says which, without a read of the store.
    if (uids.length > maxRecordEntries && !labels.some((label) => ledger.entries.has(label))) continue;
    const entry = await newest(labels, get);
    if (entry !== null) singles.set(uid, entry);
  }
  const listedAt = Math.max(
    ...listingLabels(links).map((label) => ledger.entries.get(label)?.requestedAt ?? -1),
  );
  // The listing is large: it is read only when it may hold the newest copy.
  const needed = uids.some((uid) => (singles.get(uid)?.requestedAt ?? -1) < listedAt || !singles.has(uid));
  const base = newer(asWhole, needed ? await newest(listingLabels(links), get) : null);
  const parts: StoredEntry[] = [];
  const fromBase = new Set<string>();
  for (const uid of uids) {
    const best = newer(singles.get(uid) ?? null, base);
    if (best === null) return [null];
    if (best === base) fromBase.add(uid);
    else parts.push(best);
  }
  if (base === null || fromBase.size === 0) return parts;
  return [...parts, { ...base, value: selectRecords(base.value, { uids: fromBase }) }];
}

/** A query for folders, answered from the full listing. */
async function fromListing({ uids, folderUids, links }: ReadQuery, get: Get): Promise<StoredEntry | null> {
  if (folderUids.length === 0) return null;
  const listing = await newest(listingLabels(links), get);
  return (
    listing && {
      ...listing,
      value: selectRecords(listing.value, {
        folderUids: new Set(folderUids),
        ...(uids.length > 0 && { uids: new Set(uids) }),
      }),
    }
  );
}

async function newest(labels: readonly string[], get: Get): Promise<StoredEntry | null> {
  let best: StoredEntry | null = null;
  for (const label of labels) best = newer(best, await get(label));
  return best;
}

/** The entry that was requested later; the first of two of the same time. */
function newer(a: StoredEntry | null, b: StoredEntry | null): StoredEntry | null {
  if (a === null || b === null) return a ?? b;
  return b.requestedAt > a.requestedAt ? b : a;
}

/** Joins the parts and warns of what is known to be out of date; `null` when one is missing. */
export function assemble(
  parts: readonly (StoredEntry | null)[],
  ledger: Ledger,
  query: ReadQuery,
  { withhold, ledgerMissing = false }: StoredResponseOptions,
): StoredResponse | null {
  const found = parts.filter((part) => part !== null);
  if (found.length === 0 || found.length < parts.length) return null;
  const warnings = ledgerMissing ? [noLedger] : [];
  const withheld: string[] = [];
  const values = found.map(({ value, requestedAt }) => {
    const stale = [...recordUids(value)].filter((uid) => (ledger.changes.get(uid)?.at ?? -1) >= requestedAt);
    const out = stale.filter((uid) => withhold && ledger.changes.get(uid)?.sure);
    withheld.push(...out);
    for (const uid of stale) {
      warnings.push(
        out.includes(uid)
          ? `Record ${uid} was changed by this application after the stored copy was made; it is left out.`
          : `Record ${uid} may have changed since the stored copy was made.`,
      );
    }
    const kept = out.length > 0 ? withoutRecords(value, new Set(out)) : value;
    return query.links || query.kind === "folders" ? kept : selectRecords(kept, { links: false });
  });
  const [first = {}, ...others] = values;
  const requestedAt = Math.min(...found.map((part) => part.requestedAt));
  const changedAt = query.kind === "folders" ? ledger.foldersChangedAt : ledger.listingChangedAt;
  if (query.kind !== "records" && changedAt >= requestedAt && changedAt > 0) {
    warnings.push("This application has added or removed something since the stored copy was made.");
  }
  return {
    json: withWarnings(joinResponses(first, others), warnings),
    requestedAt,
    fetchedAt: Math.min(...found.map((part) => part.fetchedAt)),
    expiresAt: Math.min(...found.map((part) => part.expiresAt)),
    accessEndsAt: Math.min(...values.map(accessEndsAt)),
    stale: warnings.length > 0,
    withheld,
    unknown: query.kind === "records" ? unknownOf(query.uids, found, ledger) : [],
    ledgerMissing,
  };
}

/**
 * Requested records that no part holds, and that this application has written after every part that could hold them:
 * their absence does not mean that they do not exist.
 */
function unknownOf(uids: readonly string[], parts: readonly StoredEntry[], { changes }: Ledger): string[] {
  const held = new Set(parts.flatMap(({ value }) => [...recordUids(value)]));
  return uids.filter((uid) => {
    const changedAt = changes.get(uid)?.at ?? -1;
    const about = parts.filter(
      ({ label }) => !label.startsWith("record ") || recordLabels(uid, false).includes(label),
    );
    return !held.has(uid) && about.every(({ requestedAt }) => changedAt >= requestedAt);
  });
}
