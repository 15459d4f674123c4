/** How long to wait when the service throttles (ksm-protocol section 9.2). */
import { retryAfterMs, type Clock, type Random } from "@ksmkit/common";
import type { PostAnswer } from "./post.ts";
import type { Refusal } from "./refusal.ts";

const baseMs = 11_000;
const longestMs = 176_000;

/** True for a throttled request: code `throttled` with 403, and 429 with any body. */
export function isThrottle({ status, resultCode }: Refusal): boolean {
  return status === 429 || (status === 403 && resultCode === "throttled");
}

/**
 * The wait that the service named, in milliseconds: in the body, as `Retry-After` (RFC 9110 section 10.2.3), the
 * longer of both; `undefined` when it named none.
 */
export function namedDelayMs(refusal: Refusal, answer: PostAnswer, clock: Clock): number | undefined {
  const header = retryAfterMs(answer.header("retry-after"), clock) ?? 0;
  const named = Math.max((refusal.retryAfterSeconds ?? 0) * 1000, header);
  return named > 0 ? Math.min(named, Number.MAX_SAFE_INTEGER) : undefined;
}

/**
 * The wait before retry number `attempt` (from 0): about 11, 22, 44, 88, then always 176 s, each varied by a quarter both
 * ways, so that clients do not come back all at once. A wait that the service named is respected whatever its length: it gets
 * longer by up to a quarter, never shorter, and by no more than fits the time that is left.
 */
export function throttleDelayMs(
  attempt: number,
  namedMs: number | undefined,
  random: Random,
  remainingMs: number = Infinity,
): number {
  const chance = (random(1)[0] ?? 0) / 256;
  if (namedMs === undefined) {
    return Math.round(Math.min(baseMs * 2 ** attempt, longestMs) * (0.75 + chance / 2));
  }
  const delayMs = Math.round(namedMs * (1 + chance / 4));
  return delayMs < remainingMs ? delayMs : namedMs;
}
