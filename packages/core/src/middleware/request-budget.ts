/** Queues a burst on this side instead of letting the service throttle it (ksm-protocol section 9.2). */
import { requireOptions } from "../errors/require-options.ts";
import {
  Deadline,
  platformSleep,
  type Clock,
  type Sleep,
  functionOption,
  positiveOption,
  type OptionChecks,
} from "@ksmkit/common";
import type { Middleware } from "./middleware.ts";
import { ThrottledError } from "../errors/errors.ts";
import { endedError } from "../transport/refusal.ts";

/** Options of {@link requestBudget}. */
export interface RequestBudgetOptions {
  /** Requests per window. Default: 100, what the service allows. */
  requests?: number | undefined;
  /** Silence that clears the service's count, in milliseconds. Default: 10 000. */
  windowMs?: number | undefined;
  /** Milliseconds that only go forward. Default: `performance.now`. */
  clock?: Clock | undefined;
  /** Default: a timer. */
  sleep?: Sleep | undefined;
}

const checks: OptionChecks<RequestBudgetOptions> = {
  requests: positiveOption,
  windowMs: positiveOption,
  clock: functionOption,
  sleep: functionOption,
};

/**
 * Counts requests as the service does, per device and endpoint: 100 are let through, the next wait in order
 * until 10 s have passed without any. Other processes of the same device are not seen; the client's own
 * repetition of throttled calls stays in place for them.
 *
 * A call that could not be sent within its own time limit fails at once with `ThrottledError`
 * `ERR_KSM_THROTTLED` and its `retryAfterMs`; the service never saw it.
 *
 * @example
 * ```ts
 * const manager = new SecretsManager({ storage, middleware: requestBudget() });
 * await Promise.all(uids.map((uid) => manager.getRecord(uid))); // 250 uids: 100 now, 100 in 10 s, 50 in 20 s
 * ```
 */
export function requestBudget(options: RequestBudgetOptions = {}): Middleware {
  requireOptions(options, checks, "requestBudget");
  const windows = new Map<string, Window>();
  return async (call, next) => {
    const key = `${call.device.hostname} ${call.device.clientId} ${call.endpoint}`;
    let window = windows.get(key);
    if (window === undefined) windows.set(key, (window = new Window(options)));
    const deadline = new Deadline(call.wait);
    try {
      await window.enter(call.endpoint, deadline);
    } catch (error) {
      throw deadline.end === undefined ? error : endedError(call.endpoint, deadline);
    } finally {
      deadline.stop();
    }
    let throttledMs = 0;
    try {
      const { signal } = call.wait;
      return await next({ ...call, wait: { signal, timeoutMs: deadline.remainingMs } });
    } catch (error) {
      if (error instanceof ThrottledError) throttledMs = error.retryAfterMs;
      throw error;
    } finally {
      window.leave(throttledMs);
    }
  };
}

/** The service's count for one device and endpoint, as far as this process can know it. */
class Window {
  readonly #requests: number;
  readonly #windowMs: number;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  #count = 0;
  #running = 0;
  /** When the service's count is clear, if nothing more is sent. */
  #clearAt = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #ended: (() => void) | undefined;

  constructor({ requests = 100, windowMs = 10_000, clock, sleep }: RequestBudgetOptions) {
    this.#requests = requests;
    this.#windowMs = windowMs;
    this.#clock = clock ?? (() => performance.now());
    this.#sleep = sleep ?? platformSleep;
  }

  /** Waits for its turn, first come first served. */
  async enter(endpoint: string, deadline: Deadline): Promise<void> {
    const before = this.#queue;
    let pass = (): void => {};
    const turn = new Promise<void>((resolve) => {
      pass = resolve;
    });
    // A call that gives up passes its turn on once it comes.
    this.#queue = before.then(() => turn);
    try {
      await deadline.race(before);
      await this.#admit(endpoint, deadline);
    } finally {
      pass();
    }
  }

  /** A request has its answer. The service counted it no later than now. */
  leave(throttledMs: number): void {
    this.#running--;
    this.#clearAt = Math.max(this.#clearAt, this.#clock() + Math.max(this.#windowMs, throttledMs));
    if (throttledMs > 0) this.#count = this.#requests;
    this.#ended?.();
  }

  async #admit(endpoint: string, deadline: Deadline): Promise<void> {
    for (;;) {
      const waitMs = Math.ceil(this.#clearAt - this.#clock());
      if (this.#running === 0 && waitMs <= 0) this.#count = 0;
      if (this.#count < this.#requests) {
        this.#count++;
        this.#running++;
        return;
      }
      if (this.#running > 0) {
        const ended = new Promise<void>((resolve) => {
          this.#ended = resolve;
        });
        await deadline.race(ended);
      } else if (waitMs < deadline.remainingMs) {
        await this.#sleep(waitMs, deadline.signal);
      } else {
        throw new ThrottledError(
          `The request budget for ${endpoint} is used up for ${Math.ceil(waitMs / 1000)} s, longer than this call may take. Nothing was sent; read more records per call, or keep a cache.`,
          waitMs,
          { endpoint },
        );
      }
    }
  }
}
