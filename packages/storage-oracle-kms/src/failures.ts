/** Maps errors of the service and the SDK to `KmsError` codes (kms-storage section 11.9). */
import {
  connectionFailure,
  KmsError,
  kmsFailure,
  type KmsErrorCode,
  type KmsFailure,
} from "@ksmkit/core/sealed/node";

const codes: Readonly<Record<number, KmsErrorCode>> = {
  401: "ERR_KSM_KMS_CREDENTIALS",
  403: "ERR_KSM_KMS_ACCESS_DENIED",
  // The service answers both cases alike.
  404: "ERR_KSM_KMS_ACCESS_DENIED",
  408: "ERR_KSM_KMS_TIMEOUT",
  409: "ERR_KSM_KMS_KEY_DISABLED",
  429: "ERR_KSM_KMS_THROTTLED",
};

const notFoundHelp = "The key does not exist, or the policies that the README lists are missing.";

/** Maps what a call threw. */
export function oracleFailure(error: unknown, where: Omit<KmsFailure, "cause">): KmsError {
  if (error instanceof KmsError) return error;
  // The parser's message quotes the answer, which may be a data key: it is not passed on.
  if (error instanceof SyntaxError) return kmsFailure("ERR_KSM_KMS_BAD_RESPONSE", where);
  const help = statusOf(error) === 404 ? notFoundHelp : undefined;
  return kmsFailure(codeOf(error, where.operation), { ...where, help, cause: error });
}

function codeOf(error: unknown, operation: string): KmsErrorCode {
  const status = statusOf(error);
  if (status === undefined) return connectionFailure(error) ?? "ERR_KSM_KMS_REFUSED";
  if (status === 400)
    return operation === "decrypt" ? "ERR_KSM_KMS_UNWRAP_FAILED" : "ERR_KSM_KMS_KEY_UNSUPPORTED";
  return codes[status] ?? (status >= 500 ? "ERR_KSM_KMS_UNAVAILABLE" : "ERR_KSM_KMS_REFUSED");
}

/** Whether the next attempt may reach the service. */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined ? connectionFailure(error) !== undefined : status >= 500;
}

/** Whether the service accepts the key, but not the algorithm for it. */
export function isWrongAlgorithm(error: unknown): boolean {
  return statusOf(error) === 400;
}

function statusOf(error: unknown): number | undefined {
  const isRefusal = error instanceof Error && "statusCode" in error && typeof error.statusCode === "number";
  return isRefusal ? (error.statusCode as number) : undefined;
}
