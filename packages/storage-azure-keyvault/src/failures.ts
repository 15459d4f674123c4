/** Maps errors of the SDK to `KmsError` codes (kms-storage section 11.9). */
import {
  connectionFailure,
  kmsFailure,
  type KmsError,
  type KmsErrorCode,
  type KmsFailure,
} from "@ksmkit/core/sealed/node";

const codes: Readonly<Record<number, KmsErrorCode>> = {
  401: "ERR_KSM_KMS_CREDENTIALS",
  403: "ERR_KSM_KMS_ACCESS_DENIED",
  404: "ERR_KSM_KMS_KEY_NOT_FOUND",
  408: "ERR_KSM_KMS_TIMEOUT",
  429: "ERR_KSM_KMS_THROTTLED",
};

/** Inner codes of a 403 whose reason is the key, not a missing permission. */
const outOfUse = /^Key(?:Disabled|Expired|NotYetValid)/;
/** Names of the errors of `@azure/identity`. */
const credentialError = /Authentication|CredentialUnavailable/;

/** Maps what a call of the SDK threw. */
export function azureFailure(error: unknown, where: Omit<KmsFailure, "cause">): KmsError {
  // The parser's message quotes the answer, which may be a data key: it is not passed on.
  if (property(error, "code") === "PARSE_ERROR" || error instanceof SyntaxError)
    return kmsFailure("ERR_KSM_KMS_BAD_RESPONSE", where);
  return kmsFailure(codeOf(error, where.operation), { ...where, cause: withoutRequest(error) });
}

function codeOf(error: unknown, operation: string): KmsErrorCode {
  const status = property(error, "statusCode");
  if (typeof status === "number") return codeOfStatus(status, error, operation);
  if (error instanceof Error && credentialError.test(error.name)) return "ERR_KSM_KMS_CREDENTIALS";
  const lost = connectionFailure(error);
  if (lost !== undefined) return lost;
  return property(error, "code") === "REQUEST_SEND_ERROR" ? "ERR_KSM_KMS_UNAVAILABLE" : "ERR_KSM_KMS_REFUSED";
}

function codeOfStatus(status: number, error: unknown, operation: string): KmsErrorCode {
  if (status === 403 && outOfUse.test(innerCodeOf(error))) return "ERR_KSM_KMS_KEY_DISABLED";
  if (status === 400)
    return operation === "unwrapKey" ? "ERR_KSM_KMS_UNWRAP_FAILED" : "ERR_KSM_KMS_KEY_UNSUPPORTED";
  return codes[status] ?? (status >= 500 ? "ERR_KSM_KMS_UNAVAILABLE" : "ERR_KSM_KMS_REFUSED");
}

/** The SDK's error carries the request, with the data key and the token in it: only the reason is kept. */
function withoutRequest(error: unknown): unknown {
  if (!(error instanceof Error) || !("request" in error)) return error;
  const { name, message } = error;
  const kept = { name, code: property(error, "code"), statusCode: property(error, "statusCode") };
  return Object.assign(new Error(message), kept);
}

/** `error.innererror.code` of the answer, or nothing. The SDK renames one member. */
function innerCodeOf(error: unknown): string {
  const body = property(property(error, "details"), "error");
  const inner = property(property(body, "innerError") ?? property(body, "innererror"), "code");
  return typeof inner === "string" ? inner : "";
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
