/** A clock that only sleeping moves: waits take no real time and end in the order in which they are due. */
import type { Random, Sleep } from "../../src/time/clock.ts";

export class SimulatedTime {
  now = 0;
  /** Every wait that was begun, in milliseconds. */
  readonly waits: number[] = [];
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  readonly clock = (): number => this.now;

  readonly sleep: Sleep = (ms, signal) => {
    this.waits.push(ms);
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      });
      if (signal?.aborted) reject(signal.reason as Error);
    });
  };

  /** How many wait at present. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Lets time pass, waking who is due on the way. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const due = [...this.#sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#sleepers.delete(due);
      this.now = Math.max(this.now, due.at);
      due.wake();
      await settle();
    }
    this.now = end;
  }
}

/** After everything that is under way has gone as far as it can without time passing. */
export async function settle(): Promise<void> {
  for (let hops = 0; hops < 500; hops++) await undefined;
}

/** Random bytes that are all the same. */
export const always =
  (byte: number): Random =>
  (length) =>
    new Uint8Array(length).fill(byte);
