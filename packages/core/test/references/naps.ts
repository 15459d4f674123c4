/** A sleep that waits for the test instead of for time. */
import type { Sleep } from "@ksmkit/common";

/** One wait that somebody began. */
export interface Nap {
  readonly ms: number;
  /** Lets the time pass. */
  readonly wake: () => void;
}

/** The waits that were begun, one after the other. */
export class Naps {
  readonly #begun: Nap[] = [];
  #tell = (): void => {};

  /** To be injected as `sleep`. */
  readonly sleep: Sleep = (ms, signal) =>
    new Promise((resolve, reject) => {
      const abort = (): void => reject(signal?.reason as Error);
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
      this.#begun.push({ ms, wake: resolve });
      this.#tell();
    });

  /** Waits that nobody asked for yet. */
  get pending(): number {
    return this.#begun.length;
  }

  /** The next wait, once it begins. */
  async next(): Promise<Nap> {
    for (;;) {
      const nap = this.#begun.shift();
      if (nap) return nap;
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
  }
}
