/** The answers that a process has seen, opened: what it falls back to without the store. */
import type { JsonObject } from "@ksmkit/common";

/** One answer as this process knows it. */
export interface LocalEntry {
  /** Version in the store; "" for one that was not published. */
  readonly version: string;
  readonly json: JsonObject;
  readonly requestedAt: number;
  readonly fetchedAt: number;
  /** Count of changes that it includes. */
  readonly epoch: number;
  /** Age when it was seen. */
  readonly ageMs: number;
  /** When that was, by this process's clock. */
  readonly seenAt: number;
  /** After a failure to ask again without the store: not tried again before. */
  readonly retryAt?: number;
}

/** Known answers by name, the last used last. */
export class LocalCache {
  readonly #limit: number;
  readonly #byName = new Map<string, LocalEntry>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(name: string): LocalEntry | undefined {
    return this.#byName.get(name);
  }

  set(name: string, answer: LocalEntry): void {
    this.#byName.delete(name);
    this.#byName.set(name, answer);
    for (const [oldest] of this.#byName) {
      if (this.#byName.size <= this.#limit) break;
      this.#byName.delete(oldest);
    }
  }

  drop(name: string): void {
    this.#byName.delete(name);
  }

  /** Forgets the answers whose names begin so. */
  forget(prefix: string): void {
    for (const name of this.#byName.keys()) if (name.startsWith(prefix)) this.#byName.delete(name);
  }
}

// Clocks are put right by less than that all the time.
const slackMs = 1_000;

/** How old an answer is now; `Infinity` when the clock was set back since, and cannot say. */
export function ageOf({ ageMs, seenAt }: LocalEntry, now: number): number {
  return now < seenAt - slackMs ? Infinity : ageMs + Math.max(0, now - seenAt);
}
