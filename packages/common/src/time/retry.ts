/** Repeats what failed for a passing reason, within the caller's limits. */
import { backoffMs, namedDelayMs, type Backoff } from "./backoff.ts";
import { platformRandom, platformSleep, type Random, type Sleep } from "./clock.ts";
import type { Deadline } from "./deadline.ts";

/** A repetition that is about to be waited for, or was not possible any more. */
export interface RetryNotice {
  /** How many attempts have been made; at least 1. */
  readonly attempts: number;
  /** The wait before the next attempt, in milliseconds. */
  readonly delayMs: number;
  /** The delay that the service named, in milliseconds; `undefined` when it named none. */
  readonly namedMs: number | undefined;
  /** Why the last attempt failed. */
  readonly error: unknown;
}

/** Options of {@link retry}. */
export interface RetryOptions {
  /** Most attempts in all, the first included. */
  attempts: number;
  /** Delays where the service names none. */
  backoff: Backoff;
  /**
   * Whether an error passes: `false` throws it, `true` repeats after the own delay, a number of milliseconds is the
   * delay that the service named. A named delay is never cut short.
   */
  isRetryable: (error: unknown, attempts: number) => boolean | number;
  /** The caller's limits. Default: none. */
  deadline?: Deadline | undefined;
  /** Called before each wait. What it throws ends the call. */
  onRetry?: ((notice: RetryNotice) => void) | undefined;
  /**
   * Makes the error that is thrown when no attempt is left, or the next one does not fit the deadline. Default: the
   * error of the last attempt.
   */
  toError?: ((notice: RetryNotice) => unknown) | undefined;
  /** Random bytes. Default: the platform's generator. */
  random?: Random | undefined;
  /** Waiting. Default: a timer. */
  sleep?: Sleep | undefined;
}

/**
 * Calls `work` until it succeeds, fails for good, or no attempt is left. A wait that does not fit the deadline is not
 * begun: the call fails at once, and the notice names the wait.
 *
 * @param work - receives the number of the attempt, from 1
 * @throws what `work`, `toError` or `onRetry` throw; the reason of the deadline's signal when it ends during a wait
 * @example
 * ```ts
 * const body = await retry(() => get(url, deadline), {
 *   attempts: 4,
 *   backoff: { baseMs: 1000 }, // 1, 2, 4 s, each up to a quarter longer
 *   isRetryable: (error) => error instanceof Busy && (error.retryAfterMs ?? true),
 *   deadline,
 * });
 * ```
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts: most, backoff, isRetryable, deadline, random = platformRandom } = options;
  for (let attempts = 1; ; attempts++) {
    try {
      return await work(attempts);
    } catch (error) {
      const decision = deadline?.end === undefined && isRetryable(error, attempts);
      if (decision === false) throw error;
      const namedMs = typeof decision === "number" ? decision : undefined;
      const delayMs =
        namedMs === undefined ? backoffMs(attempts - 1, backoff, random) : namedDelayMs(namedMs, random);
      const notice: RetryNotice = { attempts, delayMs, namedMs, error };
      if (attempts >= most || delayMs >= (deadline?.remainingMs ?? Infinity))
        throw options.toError === undefined ? error : options.toError(notice);
      options.onRetry?.(notice);
      await (options.sleep ?? platformSleep)(delayMs, deadline?.signal);
    }
  }
}
