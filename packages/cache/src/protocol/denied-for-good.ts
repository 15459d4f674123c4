/** Telling a client that is shut out from one that may not change a certain record: the service has one word for both. */
import { encodeBase64Url } from "@ksmkit/common";
import type { Next, ServiceCall } from "@ksmkit/core";
import { isDenial } from "./outage.ts";

// Whoever made the write waits for this as well.
const patienceMs = 10_000;
/** A uid nobody has: nothing is read. */
const nilUid = encodeBase64Url(new Uint8Array(16));

/**
 * Whether a call that was denied means the end of its client. A read does; a write may have been for something that
 * is shared read-only, or not at all (`access_denied`, ksm-protocol section 9.1), so that a read has to confirm it.
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
      wait: { signal, timeoutMs: Math.min(timeoutMs, patienceMs) },
    });
    return false;
  } catch (error) {
    return isDenial(error);
  }
}
