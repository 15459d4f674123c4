/** The outside facts that libraries here never reach for themselves: time and randomness. */

/** Source of the current time in milliseconds since the epoch. Default: `Date.now`. */
export type Clock = () => number;

/** Source of cryptographically secure random bytes. Default: `crypto.getRandomValues`. */
export type Random = (length: number) => Uint8Array<ArrayBuffer>;

/** Waits `ms` milliseconds, or rejects with the signal's reason as soon as it aborts. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Random bytes from the platform's generator, any length. */
export const platformRandom: Random = (length) => {
  const bytes = new Uint8Array(length);
  // The platform refuses more than 65 536 bytes at once.
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
};

/** The default {@link Sleep}: a timer that ends early when the signal aborts. */
export const platformSleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
