/** Fields of requests with their checksums, fields of answers held against theirs (kms-storage section 4.2). */
import { utf8Bytes } from "@ksmkit/common";
import { castagnoli, crc32, kmsFailure, type KmsError, type KmsFailure } from "@ksmkit/core/sealed/node";
import type { GcpAnswer, GcpRequest } from "./gcp-kms-client.ts";

type BytesField = "plaintext" | "ciphertext" | "initializationVector";
type SentField = BytesField | "additionalAuthenticatedData";

/** Where an answer came from, for errors. */
export type AnswerSource = Pick<KmsFailure, "provider" | "keyId" | "operation">;

/** Bytes with their checksum, as fields of a request. */
export function sent(field: SentField, bytes: Uint8Array): Partial<GcpRequest> {
  return { [field]: bytes, [`${field}Crc32c`]: { value: crc32(bytes, castagnoli) } };
}

/** The bytes of a field, whose checksum must be there and right. @throws {@link KmsError} */
export function checkedBytes(answer: GcpAnswer, field: BytesField, source: AnswerSource): Uint8Array {
  const bytes = answer[field];
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) throw badAnswer(source, `${field} is missing`);
  checkSum(bytes, answer[`${field}Crc32c`], { field, source });
  return bytes;
}

/** The public key's text, whose checksum must be there and right. @throws {@link KmsError} */
export function checkedPem({ pem, pemCrc32c }: GcpAnswer, source: AnswerSource): string {
  if (!pem) throw badAnswer(source, "pem is missing");
  checkSum(utf8Bytes(pem), pemCrc32c, { field: "pem", source });
  return pem;
}

/** Refuses an answer that does not confirm the checksum of a field that was sent. @throws {@link KmsError} */
export function requireVerified(
  answer: GcpAnswer,
  field: "Plaintext" | "Ciphertext" | "AdditionalAuthenticatedData" | "InitializationVector",
  source: AnswerSource,
): void {
  if (answer[`verified${field}Crc32c`] !== true)
    throw badAnswer(source, `the checksum of ${field} was not verified`);
}

/** The error of an answer that cannot be relied on. */
export function badAnswer(source: AnswerSource, what: string): KmsError {
  return kmsFailure("ERR_KSM_KMS_BAD_RESPONSE", { ...source, operation: `${source.operation}: ${what}` });
}

function checkSum(
  bytes: Uint8Array,
  sum: { value?: unknown } | null | undefined,
  { field, source }: { field: string; source: AnswerSource },
): void {
  // A decimal string, a number or a Long.
  const value = sum?.value ?? undefined;
  if (value === undefined) throw badAnswer(source, `the checksum of ${field} is missing`);
  if (Number(value) !== crc32(bytes, castagnoli))
    throw badAnswer(source, `${field} does not match its checksum`);
}
