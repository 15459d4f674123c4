/**
 * The ledger of one client: which entries are stored, how new each is, what this application has changed since, and
 * when the service denied access. It is sealed like an entry, and shows when an entry was put back to an older state.
 */
import { isJsonObject, type JsonObject } from "@ksmkit/common";

/** One entry as the ledger knows it. */
export interface LedgerEntry {
  /** When the service was asked, in milliseconds since the epoch. Orders the generations of an entry. */
  readonly requestedAt: number;
  /** When its response arrived, in milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** Sealed size. */
  readonly bytes: number;
  /** SHA-256 of the content, base64url: a response with the same digest has not changed. */
  readonly contentDigest: string;
  /** SHA-256 of the sealed entry, base64url: what is stored is intact while it has this digest. */
  readonly sealDigest: string;
  /** {@link Ledger.revision} when the entry was stored. While both are equal, nothing newer contradicts the entry. */
  readonly revision: number;
}

/** A record that this application wrote. */
export interface LedgerChange {
  /** When the write ended. Entries that were requested before are stale. */
  readonly at: number;
  /** False when the write failed in a way that leaves open whether it took effect. */
  readonly sure: boolean;
}

/** The ledger of one client. */
export interface Ledger {
  /** Grows with every update: a lower number than before is an older state put back. */
  sequence: number;
  /** Grows with every update that changes what is known: new content, a write, a denial; not with a repeated response. */
  revision: number;
  /** When the service denied access, 0 for never. Entries that were requested before are void. */
  deniedAt: number;
  /** When this application added or removed records, 0 for never. */
  listingChangedAt: number;
  /** When this application changed folders, 0 for never. */
  foldersChangedAt: number;
  /** By label. */
  readonly entries: Map<string, LedgerEntry>;
  /** By record uid. */
  readonly changes: Map<string, LedgerChange>;
}

/** A ledger without entries. */
export function emptyLedger(): Ledger {
  return {
    sequence: 0,
    revision: 0,
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

/** Voids all entries and changes up to a denial. */
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

/** Reads a ledger back. Misshapen parts are left out; this package sealed it, so they do not occur. */
export function ledgerFromJson(json: JsonObject): Ledger {
  const entries = pairsOf(json["entries"]).map(([label, entry]) => {
    const { requestedAt, fetchedAt, bytes, contentDigest, sealDigest, revision } = entry;
    return [
      label,
      {
        requestedAt: number(requestedAt),
        fetchedAt: number(fetchedAt),
        bytes: number(bytes),
        contentDigest: text(contentDigest),
        sealDigest: text(sealDigest),
        revision: number(revision),
      },
    ] as const;
  });
  const changes = pairsOf(json["changes"]).map(([uid, { at, sure }]) => {
    return [uid, { at: number(at), sure: sure === true }] as const;
  });
  return {
    sequence: number(json["sequence"]),
    revision: number(json["revision"]),
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

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
