/** Keeps a client below a rate limit instead of running into it. */
import { platformSleep, type Clock, type Sleep } from "./clock.ts";
import { Deadline, type WaitOptions } from "./deadline.ts";

/** A rate limit. */
export interface RateLimit {
  /** Most calls in any window. */
  limit: number;
  /** Length of the window in milliseconds. */
  windowMs: number;
}

/** Options of {@link TokenBucket}. */
export interface TokenBucketOptions extends RateLimit {
  /**
   * Calls that may be made at once after a pause; the rest of the limit comes back evenly over the window, so that no
   * window, wherever it starts, sees more than the limit. Default: a fifth of the limit, at least 1.
   */
  burst?: number | undefined;
  /** Milliseconds that only go forward. Default: `performance.now`. */
  clock?: Clock | undefined;
  /** Waiting. Default: a timer. */
  sleep?: Sleep | undefined;
}

/**
 * Lets calls pass at a limited rate, first come first served.
 *
 * @example
 * ```ts
 * const bucket = new TokenBucket({ limit: 60, windowMs: 60_000 });
 * await bucket.take({ signal }); // at once for the first 12, then one in 1.25 s
 * ```
 */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  readonly #wantedBurst: number | undefined;
  #limit = 0;
  #windowMs = 0;
  #burst = 0;
  #tokens = 0;
  #countedAt: number;
  /** No call passes before this time. */
  #heldUntil = -Infinity;
  #queue: Promise<unknown> = Promise.resolve();

  constructor({ limit, windowMs, burst, clock = () => performance.now(), sleep }: TokenBucketOptions) {
    this.#clock = clock;
    this.#sleep = sleep ?? platformSleep;
    this.#wantedBurst = burst;
    this.#countedAt = clock();
    this.setLimit({ limit, windowMs });
    this.#tokens = this.#burst;
  }

  /** Takes another limit from now on, for example the one that a refusal named. */
  setLimit({ limit, windowMs }: RateLimit): void {
    this.#refill();
    this.#limit = Math.max(1, Math.floor(limit));
    this.#windowMs = windowMs;
    const burst = this.#wantedBurst ?? Math.floor(this.#limit / 5);
    // A burst of the whole limit would leave nothing to come back.
    this.#burst = Math.max(1, Math.min(burst, Math.max(1, this.#limit - 1)));
    this.#tokens = Math.min(this.#tokens, this.#burst);
  }

  /** Lets nothing pass for so many milliseconds, and starts without a burst then: after a refusal. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#clock() + ms);
    this.#tokens = Math.min(this.#tokens, 1);
  }

  /** How long a call made now would wait, in milliseconds, were there no others in front of it. */
  get waitMs(): number {
    this.#refill();
    const heldMs = Math.max(0, this.#heldUntil - this.#clock());
    return Math.ceil(heldMs + Math.max(0, 1 - this.#tokens) * this.#tokenMs);
  }

  /** Passes now, or not at all. */
  tryTake(): boolean {
    if (this.waitMs > 0) return false;
    this.#tokens -= 1;
    return true;
  }

  /**
   * Waits for its turn.
   *
   * @throws the signal's reason, or a `TimeoutError`, when the limits end first; the turn then goes to the next
   */
  async take(wait: WaitOptions = {}): Promise<void> {
    const before = this.#queue;
    let pass = (): void => {};
    const turn = new Promise<void>((resolve) => {
      pass = resolve;
    });
    this.#queue = before.then(() => turn);
    const deadline = new Deadline(wait);
    try {
      await deadline.race(before);
      while (!this.tryTake()) await deadline.race(this.#sleep(this.waitMs, deadline.signal));
    } finally {
      deadline.stop();
      pass();
    }
  }

  /** How long one call takes to come back. */
  get #tokenMs(): number {
    return this.#windowMs / Math.max(1, this.#limit - this.#burst);
  }

  #refill(): void {
    const now = this.#clock();
    // Nothing comes back while calls are held.
    const passedMs = Math.max(0, now - Math.max(this.#countedAt, this.#heldUntil));
    this.#countedAt = now;
    if (this.#limit > 0) this.#tokens = Math.min(this.#burst, this.#tokens + passedMs / this.#tokenMs);
  }
}
