/** Keys that outlive whatever they were read with, for copies of what was handed out. */
import { equalBytes } from "@ksmkit/common";

/** A key, and how what it opens may be fetched. */
export interface KnownKey {
  readonly key: Uint8Array;
  /** What the call that read it said about certificates: file transfers have no options of their own. */
  readonly allowUnverifiedCertificate: boolean;
}

/**
 * The newest keys by uid, whoever read them. Where several applications know one uid under different keys, all of
 * them are kept.
 *
 * Two generations bound it: when the young one is full it becomes the old one, and the old one goes. So at least the
 * `limit` newest keys are there, and at most twice as many.
 */
export class RecentKeys {
  readonly #limit: number;
  #young = new Map<string, readonly KnownKey[]>();
  #old = new Map<string, readonly KnownKey[]>();
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#young.size + this.#old.size === 0;
  }

  keep(uid: string, known: KnownKey): void {
    const kept = this.#young.get(uid) ?? [];
    const keys = distinctKeys([known, ...kept]);
    if (keys.length > kept.length && this.#count++ === this.#limit) {
      this.#old = this.#young;
      this.#young = new Map([[uid, [known]]]);
      this.#count = 1;
    } else {
      this.#young.set(uid, keys);
    }
  }

  /** The keys under a uid, the newest first. */
  of(uid: string): readonly KnownKey[] {
    return [...(this.#young.get(uid) ?? []), ...(this.#old.get(uid) ?? [])];
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#count = 0;
  }
}

/** Each key once, in order. Certificates go unchecked only where everyone who read the key said so. */
export function distinctKeys(keys: readonly KnownKey[]): KnownKey[] {
  const distinct: KnownKey[] = [];
  for (const known of keys) {
    const index = distinct.findIndex(({ key }) => equalBytes(key, known.key));
    const same = distinct[index];
    if (same === undefined) distinct.push(known);
    else if (!known.allowUnverifiedCertificate) distinct[index] = known;
  }
  return distinct;
}
