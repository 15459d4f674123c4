/** Retries of calls that did not reach a key service, for SDKs whose own retries hide the reason or print it. */
import { platformSleep, type Sleep } from "@ksmkit/common";

/** Options of {@link retryTransient}. */
export interface RetryTransientOptions {
  /** Ends the pauses; no attempt is made after it. */
  signal: AbortSignal;
  /** Whether the next attempt may succeed after an error. */
  isTransient: (error: unknown) => boolean;
  /** Waits between attempts. Default: a timer. */
  sleep?: Sleep | undefined;
}

const maxAttempts = 3;
const firstPauseMs = 100;

/** Runs `attempt` up to three times, with pauses of 100 and 300 ms, and throws the last error. */
export async function retryTransient<T>(
  attempt: () => Promise<T>,
  options: RetryTransientOptions,
): Promise<T> {
  const { signal, isTransient, sleep = platformSleep } = options;
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (tries === maxAttempts || signal.aborted || !isTransient(error)) throw error;
    }
    await sleep(firstPauseMs * 3 ** (tries - 1), signal);
  }
}
