/** Refusals of the service and failures of the exchange, as errors (ksm-protocol section 9.1). */
import {
  parseJsonObject,
  printable,
  utf8Text,
  type Deadline,
  type HttpError,
  type HttpErrorKind,
} from "@ksmkit/common";
import type { KeeperErrorCode } from "../errors/codes.ts";
import { TransportError, AbortedError, ArgumentError } from "../errors/errors.ts";
import { unknownRegion } from "../protocol/host.ts";
import type { PostAnswer } from "./post.ts";

/** Code of a refusal whose body names none. */
export const unnamedRefusal = "http_error";

/** A decoded refusal. */
export interface Refusal {
  readonly status: number;
  /** The service's code, or {@link unnamedRefusal}. */
  readonly resultCode: string;
  /** The service's explanations, printable and bounded; "" when there are none. */
  readonly message: string;
  readonly additionalInfo: string;
  /** Decimal id of the server key that the service asks for, "" when it names none. */
  readonly keyId: string;
  /** Seconds that the body asks to wait; `undefined` unless a number above 0. */
  readonly retryAfterSeconds: number | undefined;
}

// A body beyond this was cut while it was read, or handed over by a post function.
const maxBodyBytes = 65_536;

/** Decodes any answer but 200. Everything unexpected, from an HTML page to a JSON number, is an unnamed refusal. */
export function readRefusal({ status, bytes }: PostAnswer): Refusal {
  const body = (bytes.length <= maxBodyBytes ? parseJsonObject(utf8Text(bytes)) : null) ?? {};
  const keyId = numeral(body["key_id"]);
  const seconds = durationOf(body["retry_after"]);
  return {
    status,
    resultCode: printable(body["result_code"], 64) || printable(body["error"], 64) || unnamedRefusal,
    message: printable(body["message"]),
    additionalInfo: printable(body["additional_info"]),
    keyId: /^[1-9]\d{0,8}$/.test(keyId) ? keyId : "",
    retryAfterSeconds: seconds > 0 && Number.isFinite(seconds) ? seconds : undefined,
  };
}

/** Makes the error for a refusal that nothing more can be done about. */
export function refusalError(refusal: Refusal, endpoint: string): TransportError {
  const { status, resultCode, message, additionalInfo } = refusal;
  const [code, hint] = classify(refusal);
  const explanation =
    code === "ERR_KSM_TRANSPORT_CLIENT_VERSION" ? additionalInfo || message : message || additionalInfo;
  const reason = resultCode === unnamedRefusal ? `with status ${status}` : `(${resultCode})`;
  return new TransportError(
    code,
    `The service refused ${endpoint} ${reason}${explanation && `: ${explanation}`}${hint}`,
    {
      status,
      resultCode,
      additionalInfo: additionalInfo || undefined,
      endpoint,
      retryable: status >= 500,
    },
  );
}

// The service's own word for a stale revision is not known, so plausible wordings count as well.
const staleRevision = /\b(out of sync|stale revision|revision (mismatch|conflict|is not current))\b/i;

function classify({ resultCode, message, additionalInfo }: Refusal): [code: KeeperErrorCode, hint: string] {
  if (resultCode === "access_denied") return ["ERR_KSM_TRANSPORT_ACCESS_DENIED", ""];
  if (resultCode === "invalid_client_version") {
    return ["ERR_KSM_TRANSPORT_CLIENT_VERSION", ". Set clientVersion to one that the service knows."];
  }
  if (resultCode === "out_of_sync" || staleRevision.test(`${message}\n${additionalInfo}`)) {
    return ["ERR_KSM_TRANSPORT_OUT_OF_SYNC", ". Fetch the record again and repeat the change."];
  }
  return ["ERR_KSM_TRANSPORT_REFUSED", ""];
}

/** A JSON number or decimal text as text, "" for anything else. */
function numeral(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && /^\s*\d{1,15}(\.\d{1,9})?\s*$/.test(value) ? value.trim() : "";
}

/** A number or decimal text of any length as seconds, 0 for anything else. */
function durationOf(value: unknown): number {
  if (typeof value === "string") return /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : 0;
  return typeof value === "number" ? value : 0;
}

const codes: Partial<Record<HttpErrorKind, KeeperErrorCode>> = {
  tls: "ERR_KSM_TRANSPORT_TLS",
  timeout: "ERR_KSM_TRANSPORT_TIMEOUT",
  too_large: "ERR_KSM_TRANSPORT_TOO_LARGE",
  bad_response: "ERR_KSM_TRANSPORT_BAD_RESPONSE",
};

/**
 * Turns a failed exchange into the error for callers.
 *
 * @param hostname the host that was called; one that looks like a region code is named as unknown
 */
export function exchangeError(
  endpoint: string,
  error: HttpError,
  hostname: string,
): TransportError | ArgumentError {
  if (error.kind === "options") return optionsError(error);
  const region = unknownRegion(hostname);
  return new TransportError(
    codes[error.kind] ?? "ERR_KSM_TRANSPORT_NETWORK",
    `Calling ${endpoint} failed: ${error.message}.${region === undefined ? "" : ` ${region}`}`,
    { endpoint, cause: error, retryable: error.retryable },
  );
}

/**
 * The error for a call or attempt whose deadline has ended: {@link AbortedError} `ERR_KSM_ABORTED` or
 * {@link TransportError} `ERR_KSM_TRANSPORT_TIMEOUT`.
 *
 * @param endpoint what the message names, for example `get_secret`
 */
export function endedError(
  endpoint: string,
  deadline: Pick<Deadline, "end" | "signal" | "timeoutMs">,
  cause?: unknown,
): AbortedError | TransportError {
  if (deadline.end === "aborted") {
    return new AbortedError(`Calling ${endpoint} was aborted.`, {
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
  return new ArgumentError(`${error.message}.`, { cause: error });
}
