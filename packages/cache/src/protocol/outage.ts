/** Which failures a stored answer may stand in for (issue of principle: never for a refusal, docs/decisions/0010). */
import { CodedError } from "@ksmkit/common";

/** The service could not be asked, or could not answer. */
const outages = new Set([
  "ERR_KSM_TRANSPORT_NETWORK",
  "ERR_KSM_TRANSPORT_TIMEOUT",
  "ERR_KSM_TRANSPORT_BAD_RESPONSE",
  "ERR_KSM_THROTTLED",
]);

/** True for a failure to connect, time out, answer legibly, or keep up (5xx, throttling to the end). */
export function isOutage(error: unknown): error is CodedError {
  if (!CodedError.isInstance(error)) return false;
  if (outages.has(error.code)) return true;
  return error.code === "ERR_KSM_TRANSPORT_REFUSED" && statusOf(error) >= 500;
}

/**
 * True when access was denied. For a read that is this client's end, and what is stored for it must go; for a write it
 * may be about the record only (ksm-protocol section 9).
 */
export function isDenial(error: unknown): boolean {
  return CodedError.isInstance(error) && error.code === "ERR_KSM_TRANSPORT_ACCESS_DENIED";
}

/** True when a write may have reached the service although it failed. */
export function mayHaveTakenEffect(error: unknown): boolean {
  return isOutage(error) || (CodedError.isInstance(error) && error.code === "ERR_KSM_ABORTED");
}

function statusOf(error: object): number {
  return "status" in error && typeof error.status === "number" ? error.status : 0;
}
