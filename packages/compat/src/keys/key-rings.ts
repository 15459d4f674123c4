/**
 * The keys of what was read, one ring per storage object: an application never gets at another one's keys, and
 * reading with one never takes keys from another. Rings live as long as their storages.
 */
import type { KeyValueStorage } from "../types/platform.ts";

/** A folder as later writes need it. */
export interface KnownFolder {
  readonly key: Uint8Array;
  /** Its document; whatever else than the name it holds survives a rename. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What was read with one storage. Uids are never reused, so nothing in here goes stale. */
export class KeyRing {
  readonly records: Map<string, Uint8Array> = new Map();
  readonly files: Map<string, Uint8Array> = new Map();
  readonly folders: Map<string, KnownFolder> = new Map();
  /** What the calls that read it said about certificates: file transfers have no options of their own. */
  allowUnverifiedCertificate = false;

  /** The key of a record, file or folder. */
  find(uid: string): Uint8Array | undefined {
    return this.records.get(uid) ?? this.files.get(uid) ?? this.folders.get(uid)?.key;
  }

  get isEmpty(): boolean {
    return this.records.size + this.files.size + this.folders.size === 0;
  }

  clear(): void {
    this.records.clear();
    this.files.clear();
    this.folders.clear();
  }
}

const rings = new WeakMap<KeyValueStorage, KeyRing>();
// Some of the SDK's functions name neither storage nor client, only a uid. Holding rings weakly lets them die.
const living = new Set<WeakRef<KeyRing>>();

/** The ring of a storage; an empty one at first. */
export function keyRing(storage: KeyValueStorage): KeyRing {
  let ring = rings.get(storage);
  if (ring === undefined) {
    ring = new KeyRing();
    rings.set(storage, ring);
    for (const reference of living) if (reference.deref() === undefined) living.delete(reference);
    living.add(new WeakRef(ring));
  }
  return ring;
}

/**
 * All rings, the newest first: for functions that name no storage. A uid in several rings is one item that is
 * shared to several applications, so whichever of the keys opens it is right.
 */
export function allKeyRings(): KeyRing[] {
  return [...living].flatMap((reference) => reference.deref() ?? []).toReversed();
}
