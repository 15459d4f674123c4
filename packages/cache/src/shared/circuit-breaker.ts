/** A shared store that may fail: limited in time, told once, and left alone for a while. */
import type { Sleep } from "@ksmkit/common";
import type { CacheEventListener } from "../event.ts";
import { withTimeout } from "../store/with-timeout.ts";
import type { SharedStore } from "./shared-store.ts";

/** Options of {@link CircuitBreaker}. */
export interface CircuitBreakerOptions {
  readonly store: SharedStore;
  readonly timeoutMs: number;
  readonly pauseMs: number;
  readonly clock: () => number;
  readonly sleep: Sleep;
  readonly emit: CacheEventListener;
}

/** Reaches a store without ever throwing. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #pausedUntil = -Infinity;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** What the store gives; `undefined` when it fails, is too slow, or has failed a moment ago. */
  async try<T>(work: (store: SharedStore) => Promise<T>): Promise<T | undefined> {
    const { store, timeoutMs, pauseMs, clock, sleep, emit } = this.#options;
    const now = clock();
    // A clock that was set back must not make the pause longer than it is.
    if (now < this.#pausedUntil && now >= this.#pausedUntil - pauseMs) return undefined;
    try {
      return await withTimeout(work(store), timeoutMs, `The store (${store.description})`, sleep);
    } catch (cause) {
      this.#pausedUntil = clock() + pauseMs;
      const message = `The store (${store.description}) failed and is left alone for ${pauseMs} ms; the service is asked instead.`;
      emit({ kind: "store-failed", message, cause });
      return undefined;
    }
  }
}
