/** When the service is asked again after a failure. */

// After a failed read, the next attempt waits so long; the service may name more, up to the last.
export const retryMs = 1_000;
export const lastRetryMs = 60_000;

/** Milliseconds until the next attempt. */
export function retryDelayMs(error: object): number {
  const named = "retryAfterMs" in error ? Number(error.retryAfterMs) : 0;
  return Math.min(lastRetryMs, Math.max(retryMs, named || 0));
}
