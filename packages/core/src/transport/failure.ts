/** Failures of the exchange itself, as the errors of this package. */
import type { Deadline, HttpError, HttpErrorKind } from "@ksmkit/common";
import { AbortedError } from "../errors/aborted-error.ts";
import { ArgumentError } from "../errors/argument-error.ts";
import type { KeeperErrorCode } from "../errors/codes.ts";
import { TransportError } from "../errors/transport-error.ts";

const codes: Partial<Record<HttpErrorKind, KeeperErrorCode>> = {
  tls: "ERR_KSM_TRANSPORT_TLS",
  timeout: "ERR_KSM_TRANSPORT_TIMEOUT",
  too_large: "ERR_KSM_TRANSPORT_TOO_LARGE",
  bad_response: "ERR_KSM_TRANSPORT_BAD_RESPONSE",
};

/** Turns a failed exchange into the error for callers. */
export function exchangeError(endpoint: string, error: HttpError): TransportError | ArgumentError {
  if (error.kind === "options") return optionsError(error);
  return new TransportError(
    codes[error.kind] ?? "ERR_KSM_TRANSPORT_NETWORK",
    `Calling ${endpoint} failed: ${error.message}.`,
    { endpoint, cause: error, retryable: error.retryable },
  );
}

/** The error for a call or attempt whose deadline has ended. */
export function endedError(
  endpoint: string,
  deadline: Deadline,
  cause?: unknown,
): AbortedError | TransportError {
  if (deadline.end === "aborted") {
    return new AbortedError("ERR_KSM_ABORTED", `Calling ${endpoint} was aborted.`, {
      cause: deadline.signal.reason,
    });
  }
  return new TransportError(
    "ERR_KSM_TRANSPORT_TIMEOUT",
    `Calling ${endpoint} took longer than ${deadline.timeoutMs} ms.`,
    { endpoint, cause, retryable: true },
  );
}

/** The error for options that the network layer cannot use. */
export function optionsError(error: HttpError): ArgumentError {
  return new ArgumentError("ERR_KSM_ARGUMENT_INVALID", `${error.message}.`, { cause: error });
}
