/**
 * The two limits on repeated requests: a rate per client id and endpoint that only a pause clears
 * (ksm-protocol 9.2), and the refusal of a body that was already received (13.3, check 4).
 */
import type { Clock } from "@ksmkit/common";

/** Limits of the rate window. */
export interface RateLimit {
  /** Requests allowed per window. Default: 100. */
  requests?: number;
  /** Length of the window in milliseconds; every request restarts it. Default: 10 000. */
  windowMs?: number;
  /** Status of the refusal: 429, or 403 as older deployments response. Default: 429. */
  status?: 429 | 403;
  /** Names `retry_after` (seconds) in the refusal. Default: absent. */
  retryAfterSeconds?: number;
}

/** Counters are dropped when more than this many are kept: the table must not grow with made-up ids. */
const maxCounters = 10_000;

/** Counts requests; refused ones count too. */
export class RateWindow {
  readonly #requests: number;
  readonly #windowMs: number;
  readonly #clock: Clock;
  readonly #counters = new Map<string, { count: number; endsAt: number }>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#requests = limit.requests ?? 100;
    this.#windowMs = limit.windowMs ?? 10_000;
    this.#clock = clock;
  }

  /** Counts one request; `false` when it is over the limit. */
  admit(clientId: string, endpoint: string): boolean {
    const now = this.#clock();
    const key = `${endpoint} ${clientId}`;
    let counter = this.#counters.get(key);
    if (counter === undefined || counter.endsAt <= now) {
      if (this.#counters.size >= maxCounters) this.#counters.clear();
      counter = { count: 0, endsAt: 0 };
      this.#counters.set(key, counter);
    }
    counter.count++;
    counter.endsAt = now + this.#windowMs;
    return counter.count <= this.#requests;
  }
}

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
