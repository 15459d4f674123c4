/** A time that runs as fast as its events allow: everything that waits does so here, and nothing waits for real. */
import { setImmediate } from "node:timers/promises";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Clock and sleep for a simulation. All other work must be synchronous or chained promises. */
export class SimulatedTime {
  now = 1_700_000_000_000;
  #sleepers: Sleeper[] = [];

  readonly clock = (): number => this.now;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const sleeper = { at: this.now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener(
        "abort",
        () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
          reject(signal.reason as Error);
        },
        { once: true },
      );
    });

  /** Runs everything that happens within so many milliseconds. */
  async run(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      // One turn of the event loop drains all chained promises.
      await setImmediate();
      const next = this.#sleepers.reduce((earliest, { at }) => Math.min(earliest, at), Infinity);
      if (next > end) break;
      this.now = Math.max(this.now, next);
      const due = this.#sleepers.filter(({ at }) => at <= this.now);
      this.#sleepers = this.#sleepers.filter(({ at }) => at > this.now);
      for (const { wake } of due) wake();
    }
    this.now = end;
  }
}
