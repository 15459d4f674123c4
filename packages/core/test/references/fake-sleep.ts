/** A sleep that waits for the test instead of for time. */
import type { Sleep } from "@ksmkit/common";

/** One wait that has begun. */
export interface FakeWait {
  readonly ms: number;
  /** Ends the wait. */
  readonly wake: () => void;
}

/** Records the waits of the code under test, in order. */
export class FakeSleep {
  readonly #begun: FakeWait[] = [];
  #onBegin = (): void => {};

  /** To be injected as `sleep`. */
  readonly sleep: Sleep = (ms, signal) =>
    new Promise((resolve, reject) => {
      const abort = (): void => reject(signal?.reason as Error);
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
      this.#begun.push({ ms, wake: resolve });
      this.#onBegin();
    });

  /** Number of waits that {@link next} has not returned yet. */
  get pending(): number {
    return this.#begun.length;
  }

  /** The next wait, once it begins. */
  async next(): Promise<FakeWait> {
    for (;;) {
      const wait = this.#begun.shift();
      if (wait) return wait;
      await new Promise<void>((resolve) => {
        this.#onBegin = resolve;
      });
    }
  }
}
