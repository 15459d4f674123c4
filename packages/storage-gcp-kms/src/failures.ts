/** Maps gRPC statuses of the service to `KmsError` codes (kms-storage section 11.9). */
import type { KmsErrorCode } from "@ksmkit/core/sealed/node";

/** The calls of the service that are used. */
export type GcpOperation =
  | "getCryptoKeyVersion"
  | "getPublicKey"
  | "encrypt"
  | "decrypt"
  | "asymmetricDecrypt"
  | "rawEncrypt"
  | "rawDecrypt";

const invalidArgument = 3;
const deadlineExceeded = 4;
const unavailable = 14;

const codes: Readonly<Record<number, KmsErrorCode>> = {
  1: "ERR_KSM_KMS_TIMEOUT",
  [invalidArgument]: "ERR_KSM_KMS_KEY_UNSUPPORTED",
  [deadlineExceeded]: "ERR_KSM_KMS_TIMEOUT",
  5: "ERR_KSM_KMS_KEY_NOT_FOUND",
  7: "ERR_KSM_KMS_ACCESS_DENIED",
  8: "ERR_KSM_KMS_THROTTLED",
  9: "ERR_KSM_KMS_KEY_DISABLED",
  13: "ERR_KSM_KMS_UNAVAILABLE",
  [unavailable]: "ERR_KSM_KMS_UNAVAILABLE",
  16: "ERR_KSM_KMS_CREDENTIALS",
};

const decrypting: ReadonlySet<GcpOperation> = new Set(["decrypt", "asymmetricDecrypt", "rawDecrypt"]);

/** Maps an error of the SDK. */
export function failureOf(error: unknown, operation: GcpOperation): KmsErrorCode {
  const status = statusOf(error);
  if (status === invalidArgument && decrypting.has(operation)) return "ERR_KSM_KMS_UNWRAP_FAILED";
  return (status === undefined ? undefined : codes[status]) ?? "ERR_KSM_KMS_REFUSED";
}

/** Whether the next attempt may reach the service. */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  return status === unavailable || status === deadlineExceeded;
}

function statusOf(error: unknown): number | undefined {
  const isStatus = error instanceof Error && "code" in error && typeof error.code === "number";
  return isStatus ? (error.code as number) : undefined;
}
