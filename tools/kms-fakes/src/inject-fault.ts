/** The part of a fault that replaces the operation of an HTTP service. */
import type { Fault } from "./faults.ts";
import type { HttpAnswer } from "./http-service.ts";

/** How a service words what it refuses. */
export interface ServiceRefusals {
  deny: () => Error;
  throttle: () => Error;
  unavailable: () => Error;
  /** The service's error of a given name or number. */
  error: (fault: Extract<Fault, { kind: "error" }>) => Error;
}

/** Answers in the operation's place, throws the service's own error, or lets it go on. */
export async function injectFault(
  fault: Fault | undefined,
  refusals: ServiceRefusals,
  contentType: string,
): Promise<HttpAnswer | undefined> {
  switch (fault?.kind) {
    case "deny":
    case "throttle":
    case "unavailable":
      throw refusals[fault.kind]();
    case "error":
      throw refusals.error(fault);
    case "hang":
    case "drop":
      return fault.kind;
    case "garbage":
      return { status: 200, headers: { "content-type": contentType }, body: "<html>not json</html>" };
    case "delay":
      await fault.until;
      return undefined;
    default:
      return undefined;
  }
}
