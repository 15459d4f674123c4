/** One time limit and one cancellation signal for a whole call, however many attempts it takes. */
import { elapsedMs } from "#platform";
import { longestTimerMs } from "./clock.ts";
import { onAbort } from "./on-abort.ts";

/** What a caller may say about how long to wait. */
export interface WaitOptions {
  /** Cancels the call; the promise rejects at once. */
  signal?: AbortSignal | undefined;
  /** Limit for the whole call in milliseconds, retries and response bodies included. */
  timeoutMs?: number | undefined;
}

/** Why a {@link Deadline} ended. */
export type DeadlineEnd = "timeout" | "aborted";

/**
 * A running time limit joined with the caller's signal. Pass `signal` to whatever waits, and dispose it
 * when the call is over so that no timer is left behind.
 *
 * @example
 * ```ts
 * using deadline = new Deadline({ timeoutMs: 30_000, signal });
 * await fetch(url, { signal: deadline.signal });
 * ```
 */
export class Deadline {
  /** Aborts when the time is up or the caller aborts. */
  readonly signal: AbortSignal;
  /** The limit in milliseconds; `Infinity` when there is none. */
  readonly timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #endsAt: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #release: (() => void) | undefined;
  #end: DeadlineEnd | undefined;

  constructor(options: WaitOptions) {
    this.signal = this.#controller.signal;
    this.timeoutMs = options.timeoutMs ?? Infinity;
    this.#endsAt = elapsedMs() + this.timeoutMs;
    this.#caller = options.signal;
    if (this.#caller?.aborted) {
      this.#abort();
      return;
    }
    this.#release = this.#caller && onAbort(this.#caller, this.#abort);
    if (this.timeoutMs !== Infinity) {
      this.#timer = setTimeout(this.#expire, Math.min(this.timeoutMs, longestTimerMs));
    }
  }

  /** Why the deadline ended, or `undefined` while it is running. */
  get end(): DeadlineEnd | undefined {
    return this.#end;
  }

  /** Milliseconds left, 0 when over. */
  get remainingMs(): number {
    return this.#end === undefined ? Math.max(0, this.#endsAt - elapsedMs()) : 0;
  }

  /** Settles as `work` does, or rejects with the signal's reason as soon as the deadline ends. */
  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const onEnd = (): void => reject(signal.reason as Error);
      if (signal.aborted) onEnd();
      const release = signal.aborted ? undefined : onAbort(signal, onEnd);
      work.then(resolve, reject).finally(release);
    });
  }

  readonly #abort = (): void => {
    this.#finish("aborted", this.#caller?.reason);
  };

  readonly #expire = (): void => {
    this.#finish("timeout", new DOMException(`No answer within ${this.timeoutMs} ms`, "TimeoutError"));
  };

  #finish(end: DeadlineEnd, reason: unknown): void {
    this.#end ??= end;
    this.stop();
    this.#controller.abort(reason);
  }

  /** Stops the timer and lets go of the caller's signal. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#release?.();
  }

  /** Same as {@link stop}, for `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }
}

/** The same limits over several calls: each sees what the calls before it have left. */
export function sharedDeadline({ signal, timeoutMs }: WaitOptions): WaitOptions {
  if (timeoutMs === undefined) return { signal };
  const endsAt = elapsedMs() + timeoutMs;
  return {
    signal,
    get timeoutMs() {
      return Math.max(0, endsAt - elapsedMs());
    },
  };
}
