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

/** A response other than a success. */
const refusals = new Set(["ERR_KSM_TRANSPORT_REFUSED", "ERR_KSM_TRANSPORT_ACCESS_DENIED"]);

/** Core's `resultCode` for a response that names none: every refusal of the service names one (ksm-protocol 9.1). */
const unnamedRefusal = "http_error";
/** A status that only a proxy or a login page sends, whatever the body: redirects, and demands of a proxy or network. */
const isForeignStatus = (status: number): boolean =>
  (status >= 300 && status < 400) || status === 407 || status === 511;

/**
 * True when the service was not reached, or the response is not its own: a failure to connect, a timeout, an illegible
 * response, status 5xx, throttling to the end, a redirect, and any other status with a body that is neither sealed nor
 * a refusal in JSON, for example the page of a proxy.
 */
export function isOutage(error: unknown): error is CodedError {
  if (!CodedError.isInstance(error)) return false;
  if (outages.has(error.code)) return true;
  const status = numberOf(error, "status");
  if (status >= 500 || isForeignStatus(status)) return refusals.has(error.code);
  return error.code === "ERR_KSM_TRANSPORT_REFUSED" && resultCodeOf(error) === unnamedRefusal;
}

/**
 * True when access was denied. For a read this ends the client, and everything stored for it must go; for a write it
 * may concern the record only (ksm-protocol section 9).
 */
export function isDenial(error: unknown): boolean {
  return CodedError.isInstance(error) && error.code === "ERR_KSM_TRANSPORT_ACCESS_DENIED" && !isOutage(error);
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
/** Longest pause that a service may ask for, in milliseconds: a day. */
export const maxRetryMs = 86_400_000;

/** Milliseconds to wait after a failure: as long as the service asked for, within {@link minRetryMs} and {@link maxRetryMs}. */
export function retryDelayMs(error: object): number {
  return Math.min(maxRetryMs, Math.max(minRetryMs, numberOf(error, "retryAfterMs")));
}

/** Milliseconds that the service asked for, 0 when it named none. */
export function namedRetryMs(error: object): number {
  return Math.min(maxRetryMs, numberOf(error, "retryAfterMs"));
}

function numberOf(error: object, name: "status" | "retryAfterMs"): number {
  const value: unknown = (error as Partial<Record<typeof name, unknown>>)[name];
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function resultCodeOf(error: object): unknown {
  return (error as { resultCode?: unknown }).resultCode ?? unnamedRefusal;
}
