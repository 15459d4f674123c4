/** How long to wait before a repetition: the caller's own growing delays, and the delays that a service names. */
import type { Clock, Random } from "./clock.ts";

/** Growing delays. */
export interface Backoff {
  /** The first delay in milliseconds. */
  baseMs: number;
  /** What each delay is multiplied with for the next. Default: 2. */
  factor?: number | undefined;
  /** The longest delay in milliseconds, before it is spread. Default: no limit. */
  maxMs?: number | undefined;
  /**
   * By which parts of itself a delay gets shorter and longer at random: `[0.25, 0.25]` spreads it by a quarter both
   * ways, `[0, 0.25]` never shortens it. Default: `[0, 0.25]`.
   */
  spread?: readonly [shorter: number, longer: number] | undefined;
}

/** The delay before repetition number `index`, from 0, in milliseconds. */
export function backoffMs(index: number, backoff: Backoff, random: Random): number {
  const { baseMs, factor = 2, maxMs = Infinity, spread: [shorter, longer] = [0, 0.25] } = backoff;
  const delayMs = Math.min(baseMs * factor ** index, maxMs);
  return Math.round(delayMs * (1 - shorter + (shorter + longer) * chance(random)));
}

/** A delay that a service named, longer by up to a quarter so that clients spread, never shorter. */
export function namedDelayMs(namedMs: number, random: Random): number {
  return Math.ceil(namedMs * (1 + chance(random) / 4));
}

/** A random number from 0 up to 1. */
export function chance(random: Random): number {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65_536;
}

// Only the form that RFC 9110 requires servers to send; Date.parse alone accepts nearly anything.
const imfDate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The delay that a `Retry-After` header names, in milliseconds: a number of seconds or a date (RFC 9110 section
 * 10.2.3). `undefined` without the header, for anything else in it, and for no delay at all.
 */
export function retryAfterMs(header: string | null | undefined, clock: Clock = Date.now): number | undefined {
  const text = header?.trim() ?? "";
  let ms = 0;
  if (/^\d+$/.test(text)) ms = Number(text) * 1000;
  else if (imfDate.test(text)) ms = Date.parse(text) - clock();
  // An invalid date compares as false.
  return ms > 0 ? Math.min(ms, Number.MAX_SAFE_INTEGER) : undefined;
}
