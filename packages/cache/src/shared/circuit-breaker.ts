/** Keeps a shared store that fails from failing or slowing reads: a time limit, one event, then a pause. */
import type { Clock, Sleep } from "@ksmkit/common";
import type { CacheEventListener } from "../event.ts";
import { withTimeout } from "../store/with-timeout.ts";
import type { SharedStore } from "./shared-store.ts";

/** Options of {@link CircuitBreaker}. */
export interface CircuitBreakerOptions {
  readonly store: SharedStore;
  /** Time limit of one access in milliseconds. */
  readonly timeoutMs: number;
  /** How long the store is not used after a failure, in milliseconds. */
  readonly pauseMs: number;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly emit: CacheEventListener;
}

/** Accesses a store without ever throwing. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #pausedUntil = -Infinity;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** What the store returns; `undefined` when it fails, is too slow, or is paused after a failure. */
  async try<T>(work: (store: SharedStore) => Promise<T>): Promise<T | undefined> {
    const { store, timeoutMs, pauseMs, clock, sleep, emit } = this.#options;
    const now = clock();
    // A clock that was set back must not extend the pause.
    if (now < this.#pausedUntil && now >= this.#pausedUntil - pauseMs) return undefined;
    try {
      return await withTimeout(work(store), timeoutMs, `The store (${store.description})`, sleep);
    } catch (cause) {
      this.#pausedUntil = clock() + pauseMs;
      const message = `The store (${store.description}) failed and is not used for ${pauseMs} ms; the service is asked instead.`;
      emit({ kind: "store-failed", message, cause });
      return undefined;
    }
  }
}
