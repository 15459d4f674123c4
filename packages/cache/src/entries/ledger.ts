/**
 * What a client's entries holds: which entries, how new each is, what this application changed since, and whether the
 * service has denied access. Sealed like an entry; it is what shows that an entry was put back to an older state.
 */
import { isJsonObject, type JsonObject } from "@ksmkit/common";

/** One entry as the ledger knows it. */
export interface LedgerEntry {
  readonly requestedAt: number;
  readonly fetchedAt: number;
  /** Sealed size. */
  readonly bytes: number;
}

/** A record that this application wrote. */
export interface LedgerChange {
  /** When the write was over. Entries that were asked for before are stale. */
  readonly at: number;
  /** False when the write failed in a way that leaves open whether it happened. */
  readonly sure: boolean;
}

/** The ledger of one client. */
export interface Ledger {
  /** One more with every change: a lower number than before is an older state put back. */
  sequence: number;
  /** When the service denied access, 0 for never. Entries that were asked for before are void. */
  deniedAt: number;
  /** When records came or went by this application, 0 for never. */
  listingChangedAt: number;
  /** When folders were changed by this application, 0 for never. */
  foldersChangedAt: number;
  /** By label. */
  readonly entries: Map<string, LedgerEntry>;
  /** By record uid. */
  readonly changes: Map<string, LedgerChange>;
}

/** A ledger of nothing. */
export function emptyLedger(): Ledger {
  return {
    sequence: 0,
    deniedAt: 0,
    listingChangedAt: 0,
    foldersChangedAt: 0,
    entries: new Map(),
    changes: new Map(),
  };
}

/** A copy that can be changed. */
export function copyLedger(ledger: Ledger): Ledger {
  return { ...ledger, entries: new Map(ledger.entries), changes: new Map(ledger.changes) };
}

/** Voids everything that was asked for until access was denied: also what was changed before means nothing then. */
export function denyLedger(ledger: Ledger, deniedAt: number): void {
  ledger.deniedAt = Math.max(ledger.deniedAt, deniedAt);
  for (const [label, { requestedAt }] of ledger.entries) {
    if (requestedAt <= ledger.deniedAt) ledger.entries.delete(label);
  }
  for (const [uid, { at }] of ledger.changes) if (at <= ledger.deniedAt) ledger.changes.delete(uid);
}

/** The ledger as JSON. Pairs instead of members: a uid could be named like a member of every object. */
export function ledgerJson({ entries, changes, ...rest }: Ledger): JsonObject {
  return { ...rest, entries: [...entries], changes: [...changes] };
}

/** Reads a ledger back. What is misshapen is left out; it was sealed by this package, so that does not happen. */
export function ledgerFromJson(json: JsonObject): Ledger {
  const entries = pairsOf(json["entries"]).map(([label, { requestedAt, fetchedAt, bytes }]) => {
    return [
      label,
      { requestedAt: number(requestedAt), fetchedAt: number(fetchedAt), bytes: number(bytes) },
    ] as const;
  });
  const changes = pairsOf(json["changes"]).map(([uid, { at, sure }]) => {
    return [uid, { at: number(at), sure: sure === true }] as const;
  });
  return {
    sequence: number(json["sequence"]),
    deniedAt: number(json["deniedAt"]),
    listingChangedAt: number(json["listingChangedAt"]),
    foldersChangedAt: number(json["foldersChangedAt"]),
    entries: new Map(entries),
    changes: new Map(changes),
  };
}

function pairsOf(value: unknown): [string, JsonObject][] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (pair): pair is [string, JsonObject] =>
      Array.isArray(pair) && typeof pair[0] === "string" && isJsonObject(pair[1]),
  );
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
