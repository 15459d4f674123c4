/**
 * The keys of what was read, one ring per storage object: an application never gets at another one's keys, and
 * reading with one never takes keys from another. A ring lives as long as its storage, or anything that was handed
 * out of it; the newest keys live on without either, because copies of what was handed out are tied to nothing.
 */
import type { KeyValueStorage } from "../types/platform.ts";
import { distinctKeys, RecentKeys, type KnownKey } from "./recent-keys.ts";

/** How many keys copies can count on. A key with its uid takes some 250 bytes. */
export const recentKeyLimit = 10_000;

/** A folder as later writes need it. */
export interface KnownFolder {
  readonly key: Uint8Array;
  /** Its document; whatever else than the name it holds survives a rename. */
  readonly data: Readonly<Record<string, unknown>>;
}

const recentKeys = new RecentKeys(recentKeyLimit);

/** What was read with one storage. Uids are never reused, so nothing in here goes stale. */
export class KeyRing {
  readonly #records = new Map<string, Uint8Array>();
  readonly #files = new Map<string, Uint8Array>();
  readonly #folders = new Map<string, KnownFolder>();
  /** What the calls that read it said about certificates: file transfers have no options of their own. */
  allowUnverifiedCertificate = false;

  record(uid: string): Uint8Array | undefined {
    return this.#records.get(uid);
  }

  folder(uid: string): KnownFolder | undefined {
    return this.#folders.get(uid);
  }

  keepRecord(uid: string, key: Uint8Array): void {
    this.#records.set(uid, key);
    this.#outlive(uid, key);
  }

  keepFile(uid: string, key: Uint8Array): void {
    this.#files.set(uid, key);
    this.#outlive(uid, key);
  }

  keepFolder(uid: string, folder: KnownFolder): void {
    this.#folders.set(uid, folder);
    this.#outlive(uid, folder.key);
  }

  /** The key of a record, file or folder. */
  find(uid: string): Uint8Array | undefined {
    return this.#records.get(uid) ?? this.#files.get(uid) ?? this.#folders.get(uid)?.key;
  }

  get isEmpty(): boolean {
    return this.#records.size + this.#files.size + this.#folders.size === 0;
  }

  clear(): void {
    this.#records.clear();
    this.#files.clear();
    this.#folders.clear();
  }

  #outlive(uid: string, key: Uint8Array): void {
    recentKeys.keep(uid, { key, allowUnverifiedCertificate: this.allowUnverifiedCertificate });
  }
}

const rings = new WeakMap<KeyValueStorage, KeyRing>();
// Some of the SDK's functions name neither storage nor client, only an object that was handed out …
const origins = new WeakMap<object, KeyRing>();
// … or a uid. Holding rings weakly lets them die.
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

/** Ties a ring to an object that callers get: it lives as long, and {@link keysOf} looks there first. */
export function attachKeys<T extends object>(ring: KeyRing, thing: T): T {
  origins.set(thing, ring);
  return thing;
}

/** Ties a part to the ring of its whole, unless it has one. */
export function handOutWith(whole: object, part: object): void {
  const ring = origins.get(whole);
  if (ring !== undefined && !origins.has(part)) origins.set(part, ring);
}

/**
 * What may open something of which only the uid is known, the likeliest first. For an object that was handed out
 * it is the one key it was read with. For a copy it is every key known under the uid: in several rings that is one
 * item shared to several applications, so whichever of the keys opens it is right.
 */
export function keysOf(uid: string, handedOut?: object): readonly KnownKey[] {
  const origin = handedOut && origins.get(handedOut);
  const own = origin && knownKey(origin, uid);
  if (own !== undefined) return [own];
  const ofRings = livingRings().flatMap((ring) => knownKey(ring, uid) ?? []);
  return distinctKeys([...ofRings, ...recentKeys.of(uid)]);
}

/** Whether nothing is known. */
export function noKeysKnown(): boolean {
  return recentKeys.isEmpty && livingRings().every((ring) => ring.isEmpty);
}

/** Forgets everything that was read in this process. */
export function forgetKeys(): void {
  recentKeys.clear();
  for (const ring of livingRings()) ring.clear();
}

function knownKey(ring: KeyRing, uid: string): KnownKey | undefined {
  const key = ring.find(uid);
  return key && { key, allowUnverifiedCertificate: ring.allowUnverifiedCertificate };
}

/** The newest first. */
function livingRings(): KeyRing[] {
  return [...living].flatMap((reference) => reference.deref() ?? []).toReversed();
}
