/**
 * What a failure of the service means for a cache: an outage, which a stored response may cover; a denial, after which
 * nothing stored may be served; or a refusal, which is final (docs/decisions/0010-cache.md).
 */
import { CodedError, encodeBase64Url } from "@ksmkit/common";
import type { Next, ServiceCall } from "@ksmkit/core";

/** The service was not reached, or did not respond in a legible way. */
const outages = new Set([
  "ERR_KSM_TRANSPORT_NETWORK",
  "ERR_KSM_TRANSPORT_TIMEOUT",
  "ERR_KSM_TRANSPORT_BAD_RESPONSE",
  "ERR_KSM_THROTTLED",
]);

/** True for a failure to connect, a timeout, an illegible response, status 5xx, and throttling to the end. */
export function isOutage(error: unknown): error is CodedError {
  if (!CodedError.isInstance(error)) return false;
  if (outages.has(error.code)) return true;
  return error.code === "ERR_KSM_TRANSPORT_REFUSED" && statusOf(error) >= 500;
}

/**
 * True when access was denied. For a read this ends the client, and everything stored for it must go; for a write it
 * may concern the record only (ksm-protocol section 9).
 */
export function isDenial(error: unknown): boolean {
  return CodedError.isInstance(error) && error.code === "ERR_KSM_TRANSPORT_ACCESS_DENIED";
}

/** True when a write may have reached the service although it failed. */
export function mayHaveTakenEffect(error: unknown): boolean {
  return isOutage(error) || (CodedError.isInstance(error) && error.code === "ERR_KSM_ABORTED");
}

// The caller of the denied write waits for the confirming read as well.
const confirmTimeoutMs = 10_000;
/** A uid that no record has: a read of it returns nothing. */
const nilUid = encodeBase64Url(new Uint8Array(16));

/**
 * Whether a denied call means that the client has lost its access. A denied read does; a denied write may concern a
 * record that is shared read-only, or not at all (`access_denied`, ksm-protocol section 9.1), so a read confirms it.
 */
export async function isAccessRevoked(call: ServiceCall, next: Next): Promise<boolean> {
  if (call.kind === "read") return true;
  const { signal, timeoutMs = Infinity } = call.wait;
  try {
    await next({
      endpoint: "get_secret",
      kind: "read",
      payload: { requestedRecords: [nilUid] },
      fresh: true,
      device: call.device,
      wait: { signal, timeoutMs: Math.min(timeoutMs, confirmTimeoutMs) },
    });
    return false;
  } catch (error) {
    return isDenial(error);
  }
}

/** Pause after a failed read before the next attempt, in milliseconds. */
export const minRetryMs = 1_000;
/** Longest pause that a service may ask for, in milliseconds. */
export const maxRetryMs = 60_000;

/** Milliseconds to wait after a failure: as long as the service asked for, within {@link minRetryMs} and {@link maxRetryMs}. */
export function retryDelayMs(error: object): number {
  const requested = "retryAfterMs" in error ? Number(error.retryAfterMs) : 0;
  return Math.min(maxRetryMs, Math.max(minRetryMs, requested || 0));
}

function statusOf(error: object): number {
  return "status" in error && typeof error.status === "number" ? error.status : 0;
}
