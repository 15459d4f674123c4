/** How long to wait when the service throttles (ksm-protocol section 9.2). */
import type { Clock, Random } from "@ksmkit/common";
import type { PostAnswer } from "./post.ts";
import type { Refusal } from "./refusal.ts";

const baseMs = 11_000;
const capMs = 176_000;

/** True for a throttled request: code `throttled` with 403, and 429 with any body. */
export function isThrottle({ status, resultCode }: Refusal): boolean {
  return status === 429 || (status === 403 && resultCode === "throttled");
}

/** The wait that the service named, in milliseconds: in the body, else as `Retry-After` (RFC 9110 section 10.2.3). */
export function namedDelayMs(refusal: Refusal, answer: PostAnswer, clock: Clock): number | undefined {
  const { retryAfterSeconds } = refusal;
  if (retryAfterSeconds !== undefined) return retryAfterSeconds * 1000;
  const header = answer.header("retry-after") ?? "";
  const ms = /^\d{1,9}$/.test(header)
    ? Number(header) * 1000
    : imfDate.test(header)
      ? Date.parse(header) - clock()
      : 0;
  return ms > 0 ? ms : undefined;
}

// Only the form that RFC 9110 tells servers to send; Date.parse alone accepts nearly anything.
const imfDate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The wait before retry number `attempt` (from 0), never over 176 s. A wait that the service named gets
 * longer by up to a quarter, never shorter; the own exponential one varies by a quarter both ways.
 */
export function throttleDelayMs(attempt: number, namedMs: number | undefined, random: Random): number {
  const chance = (random(1)[0] ?? 0) / 256;
  const delay =
    namedMs === undefined ? baseMs * 2 ** attempt * (0.75 + chance / 2) : namedMs * (1 + chance / 4);
  return Math.min(Math.round(delay), capMs);
}
