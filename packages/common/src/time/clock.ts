/** The outside facts that libraries here never reach for themselves: time and randomness. */
import { platformRandom as randomBytes } from "#platform";
import { onAbort } from "./on-abort.ts";

/** Source of the current time in milliseconds since the epoch. Default: `Date.now`. */
export type Clock = () => number;

/** Source of cryptographically secure random bytes. Default: the platform's generator. */
export type Random = (length: number) => Uint8Array<ArrayBuffer>;

/** Waits `ms` milliseconds, or rejects with the signal's reason as soon as it aborts. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Random bytes from the platform's generator, any length. */
export const platformRandom: Random = randomBytes;

/** The default {@link Sleep}: a timer that ends early when the signal aborts. */
export const platformSleep: Sleep = (ms, signal) => timer(ms, signal, false);

/** A {@link platformSleep} that does not keep the process alive, where the platform distinguishes the two. */
export const backgroundSleep: Sleep = (ms, signal) => timer(ms, signal, true);

/** Timers take at most 2^31-1 ms, nearly 25 days, and end at once when asked for more. */
export const longestTimerMs = 0x7fffffff;

function timer(ms: number, signal: AbortSignal | undefined, background: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const handle = setTimeout(
      () => {
        release?.();
        resolve();
      },
      Math.min(ms, longestTimerMs),
    );
    // A number in browsers.
    if (background && typeof handle === "object") handle.unref();
    const release =
      signal &&
      onAbort(signal, () => {
        clearTimeout(handle);
        reject(signal.reason as Error);
      });
  });
}
