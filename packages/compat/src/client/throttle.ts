/** How long to wait when the service throttles (ksm-protocol section 9.2). */
import { isJsonObject } from "@ksmkit/common";

const baseSeconds = 11;

/** A fraction from -0.25 up to, not including, 0.25, so that clients do not come back all at once. */
export const throttleJitter = (): number => Math.random() / 2 - 0.25;

/**
 * Reads a refusal's body.
 *
 * @returns the seconds that the service asks to wait, 0 when it names none; `null` when it does not throttle
 */
export const parseThrottle = (body: string): number | null => {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return null;
  }
  if (!isJsonObject(answer) || (answer["result_code"] ?? answer["error"]) !== "throttled") return null;
  const seconds = Number(answer["retry_after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
};

/**
 * The wait before a repetition, in milliseconds.
 *
 * @param attempt repetitions made so far: without `retryAfter`, 11, 22, 44, 88, 176 s
 * @param retryAfter seconds that the service asked for; 0 for none
 * @param jitter fraction by which the wait varies
 */
export const throttleDelay = (
  attempt: number,
  retryAfter: number,
  jitter: number = throttleJitter(),
): number => {
  const seconds = retryAfter > 0 ? retryAfter : baseSeconds * 2 ** attempt;
  return Math.max(0, seconds * (1 + jitter)) * 1000;
};

/** {@link throttleDelay} as our own calls wait: never shorter than the service asked for. @internal */
export function patientDelay(attempt: number, retryAfter: number): number {
  const jitter = throttleJitter();
  return throttleDelay(attempt, retryAfter, retryAfter > 0 ? Math.abs(jitter) : jitter);
}
