/** Maps errors of the SDK to `KmsError` codes (kms-storage sections 11.9 and 13.1). */
import {
  connectionFailure,
  KmsError,
  kmsFailure,
  type KmsErrorCode,
  type KmsFailure,
} from "@ksmkit/core/sealed/node";

const codes: Readonly<Record<string, KmsErrorCode>> = {
  AccessDeniedException: "ERR_KSM_KMS_ACCESS_DENIED",
  NotFoundException: "ERR_KSM_KMS_KEY_NOT_FOUND",
  DisabledException: "ERR_KSM_KMS_KEY_DISABLED",
  KMSInvalidStateException: "ERR_KSM_KMS_KEY_DISABLED",
  InvalidKeyUsageException: "ERR_KSM_KMS_KEY_UNSUPPORTED",
  IncorrectKeyException: "ERR_KSM_KMS_UNWRAP_FAILED",
  InvalidCiphertextException: "ERR_KSM_KMS_UNWRAP_FAILED",
  ThrottlingException: "ERR_KSM_KMS_THROTTLED",
  LimitExceededException: "ERR_KSM_KMS_THROTTLED",
  KMSInternalException: "ERR_KSM_KMS_UNAVAILABLE",
  DependencyTimeoutException: "ERR_KSM_KMS_UNAVAILABLE",
  KeyUnavailableException: "ERR_KSM_KMS_UNAVAILABLE",
  CredentialsProviderError: "ERR_KSM_KMS_CREDENTIALS",
  TokenProviderError: "ERR_KSM_KMS_CREDENTIALS",
  UnrecognizedClientException: "ERR_KSM_KMS_CREDENTIALS",
  ExpiredTokenException: "ERR_KSM_KMS_CREDENTIALS",
  InvalidSignatureException: "ERR_KSM_KMS_CREDENTIALS",
  InvalidClientTokenId: "ERR_KSM_KMS_CREDENTIALS",
  MissingAuthenticationTokenException: "ERR_KSM_KMS_CREDENTIALS",
};

/** Messages of errors that the SDK gives no name of their own. */
const regionMissing = /^Region is missing/;
const identityInvalid = /^Resolved credential object is not valid/;

const regionHelp =
  "No region is set. Pass option region, for example eu-central-1, or set AWS_REGION or the region of the profile.";

/** Maps what a call of the SDK threw. */
export function awsFailure(error: unknown, where: Omit<KmsFailure, "cause">): KmsError {
  if (error instanceof KmsError) return error;
  // The parser's message quotes the answer, which may be a data key: it is not passed on.
  if (error instanceof SyntaxError) return kmsFailure("ERR_KSM_KMS_BAD_RESPONSE", where);
  const help = error instanceof Error && regionMissing.test(error.message) ? regionHelp : where.help;
  return kmsFailure(codeOf(error, where.operation), { ...where, help, cause: error });
}

function codeOf(error: unknown, operation: string): KmsErrorCode {
  if (!(error instanceof Error)) return "ERR_KSM_KMS_REFUSED";
  const known = Object.hasOwn(codes, error.name) ? codes[error.name] : undefined;
  if (known !== undefined) return known;
  if (regionMissing.test(error.message) || identityInvalid.test(error.message))
    return "ERR_KSM_KMS_CREDENTIALS";
  // A ciphertext that the service rejects by its form, for example one that is too long.
  if (error.name === "ValidationException" && operation === "Decrypt") return "ERR_KSM_KMS_UNWRAP_FAILED";
  return connectionFailure(error) ?? "ERR_KSM_KMS_REFUSED";
}
