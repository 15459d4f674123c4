/** The bounded memory of request nonces that refuses a replayed body (ksm-protocol 13.3, check 4). */

/** Remembers the most recent nonces, oldest forgotten first. */
export class SeenNonces {
  readonly #seen = new Set<string>();
  readonly #capacity: number;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** Remembers the nonce at the front of a GCM blob; `false` when it was seen before. */
  add(blob: Uint8Array): boolean {
    const nonce = Buffer.from(blob.subarray(0, 12)).toString("latin1");
    if (this.#seen.has(nonce)) return false;
    this.#seen.add(nonce);
    if (this.#seen.size > this.#capacity) {
      const oldest = this.#seen.values().next();
      if (!oldest.done) this.#seen.delete(oldest.value);
    }
    return true;
  }
}
