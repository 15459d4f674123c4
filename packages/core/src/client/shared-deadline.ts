/** One time limit over several calls. */
import type { WaitOptions } from "@ksmkit/common";

/** The same limits, of which each call sees what the calls before it have left. */
export function sharedDeadline({ signal, timeoutMs }: WaitOptions): WaitOptions {
  if (timeoutMs === undefined) return { signal };
  const endsAt = performance.now() + timeoutMs;
  return {
    signal,
    get timeoutMs() {
      return Math.max(0, endsAt - performance.now());
    },
  };
}
