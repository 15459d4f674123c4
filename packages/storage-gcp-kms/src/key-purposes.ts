/**
 * Wrapping and unwrapping by the purpose of the key: `ENCRYPT_DECRYPT`, `ASYMMETRIC_DECRYPT`, `RAW_ENCRYPT_DECRYPT`.
 * Each request carries checksums, and the checksums of each response are verified (kms-storage section 4.2).
 */
import { concatBytes, decodeBase64, utf8Bytes } from "@ksmkit/common";
import {
  type KmsError,
  type KmsFailure,
  type WrapContext,
  crc32c,
  kmsFailure,
} from "@ksmkit/core/sealed/node";
import type { GcpAnswer, GcpCaller, GcpRequest } from "./gcp-kms-client.ts";
import type { GcpKeyName } from "./options.ts";

type BytesField = "plaintext" | "ciphertext" | "initializationVector";
type SentField = BytesField | "additionalAuthenticatedData";

/** Which call an answer belongs to, for errors. */
type AnswerSource = Pick<KmsFailure, "provider" | "keyId" | "operation">;

/** Bytes with their checksum, as fields of a request. */
function sent(field: SentField, bytes: Uint8Array): Partial<GcpRequest> {
  return { [field]: bytes, [`${field}Crc32c`]: { value: crc32c(bytes) } };
}

/** The bytes of a field whose checksum is present and matches. @throws {@link KmsError} */
function checkedBytes(answer: GcpAnswer, field: BytesField, source: AnswerSource): Uint8Array {
  const bytes = answer[field];
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) throw badAnswer(source, `${field} is missing`);
  checkSum(bytes, answer[`${field}Crc32c`], { field, source });
  return bytes;
}

/** The text of the public key, whose checksum is present and matches. @throws {@link KmsError} */
function checkedPem({ pem, pemCrc32c }: GcpAnswer, source: AnswerSource): string {
  if (!pem) throw badAnswer(source, "pem is missing");
  checkSum(utf8Bytes(pem), pemCrc32c, { field: "pem", source });
  return pem;
}

/** Refuses an answer in which the service did not verify the checksum of a field. @throws {@link KmsError} */
function requireVerified(
  answer: GcpAnswer,
  field: "Plaintext" | "Ciphertext" | "AdditionalAuthenticatedData" | "InitializationVector",
  source: AnswerSource,
): void {
  if (answer[`verified${field}Crc32c`] !== true)
    throw badAnswer(source, `the checksum of ${field} was not verified`);
}

/** The error of an answer that is incomplete or does not match its checksums. */
function badAnswer(source: AnswerSource, what: string): KmsError {
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
  if (Number(value) !== crc32c(bytes)) throw badAnswer(source, `${field} does not match its checksum`);
}

/** One key, the service, and the data that is authenticated but not encrypted. */
export interface GcpKeyContext {
  readonly caller: GcpCaller;
  readonly name: GcpKeyName;
  /** The caller's additional authenticated data, when given. */
  readonly aad: Uint8Array | undefined;
  /** For errors. */
  readonly source: Pick<KmsFailure, "provider" | "keyId">;
}

/** Encrypts with the named version, else with the primary one. */
export async function wrapSymmetric(
  { caller, name, aad, source }: GcpKeyContext,
  plaintext: Uint8Array,
  context: WrapContext,
): Promise<Uint8Array> {
  const from = { ...source, operation: "encrypt" };
  const answer = await caller.call(
    "encrypt",
    {
      name: name.version ?? name.key,
      ...sent("plaintext", plaintext),
      ...(aad && sent("additionalAuthenticatedData", aad)),
    },
    context,
  );
  requireVerified(answer, "Plaintext", from);
  if (aad) requireVerified(answer, "AdditionalAuthenticatedData", from);
  return checkedBytes(answer, "ciphertext", from);
}

/** Decrypts. The name must have no version (KSM-945): the service finds it in the ciphertext. */
export async function unwrapSymmetric(
  { caller, name, aad, source }: GcpKeyContext,
  wrapped: Uint8Array,
  context: WrapContext,
): Promise<Uint8Array> {
  const answer = await caller.call(
    "decrypt",
    {
      name: name.key,
      ...sent("ciphertext", wrapped),
      ...(aad && sent("additionalAuthenticatedData", aad)),
    },
    context,
  );
  return checkedBytes(answer, "plaintext", { ...source, operation: "decrypt" });
}

/** Algorithms of asymmetric keys; the hash differs between versions of one key. */
const algorithm = /^RSA_DECRYPT_OAEP_(?:2048|3072|4096)_(SHA1|SHA256|SHA512)$/;

/**
 * Fetches the public key. The hash comes from the algorithm of this very version: the key's template describes
 * future ones, and a data key wrapped with another hash could never be unwrapped.
 */
export async function fetchWrappingKey(
  { caller, version, source }: GcpKeyContext & { version: string },
  context: WrapContext,
): Promise<CryptoKey> {
  const from = { ...source, operation: "getPublicKey" };
  const answer = await caller.call("getPublicKey", { name: version }, context);
  if (answer.name !== version) throw badAnswer(from, "the public key belongs to another version");
  const pem = checkedPem(answer, from);
  const hash = algorithm.exec(String(answer.algorithm))?.[1];
  if (hash === undefined)
    throw kmsFailure("ERR_KSM_KMS_KEY_UNSUPPORTED", {
      ...from,
      help: `Its algorithm is ${answer.algorithm}; it must be RSA_DECRYPT_OAEP_….`,
    });
  const der = decodeBase64(pem.replace(/-----[^-]+-----|\s/g, ""));
  if (der === null) throw badAnswer(from, "the public key cannot be read");
  const algorithmName = { name: "RSA-OAEP", hash: hash.replace("SHA", "SHA-") };
  return crypto.subtle.importKey("spki", der, algorithmName, false, ["encrypt"]).catch(() => {
    throw badAnswer(from, "the public key cannot be read");
  });
}

/** RSA-OAEP with one hash for label and mask, no label (RFC 8017 section 7.1). */
export async function wrapAsymmetric(key: CryptoKey, plaintext: Uint8Array): Promise<Uint8Array> {
  const copy = Uint8Array.from(plaintext);
  try {
    return new Uint8Array(await crypto.subtle.encrypt({ name: "RSA-OAEP" }, key, copy));
  } finally {
    copy.fill(0);
  }
}

/** Decrypts with the private key, which stays in the service. */
export async function unwrapAsymmetric(
  { caller, version, source }: GcpKeyContext & { version: string },
  wrapped: Uint8Array,
  context: WrapContext,
): Promise<Uint8Array> {
  const from = { ...source, operation: "asymmetricDecrypt" };
  const answer = await caller.call(
    "asymmetricDecrypt",
    { name: version, ...sent("ciphertext", wrapped) },
    context,
  );
  requireVerified(answer, "Ciphertext", from);
  return checkedBytes(answer, "plaintext", from);
}

/** Additional authenticated data of the official clients. */
const officialAad = utf8Bytes("keeper_auth");
const lengthSize = 2;
const vectorSize = 12;
const tagSize = 16;

/**
 * Encrypts under the version, AES-GCM only: the other modes authenticate nothing. The result has a form of its own
 * (kms-storage section 2.1): length of the rest (16 bit), initialization vector, ciphertext with tag.
 */
export async function wrapRaw(
  { caller, version, aad = officialAad, source }: GcpKeyContext & { version: string },
  plaintext: Uint8Array,
  context: WrapContext,
): Promise<Uint8Array> {
  const from = { ...source, operation: "rawEncrypt" };
  const answer = await caller.call(
    "rawEncrypt",
    { name: version, ...sent("plaintext", plaintext), ...sent("additionalAuthenticatedData", aad) },
    context,
  );
  requireVerified(answer, "Plaintext", from);
  requireVerified(answer, "AdditionalAuthenticatedData", from);
  const vector = checkedBytes(answer, "initializationVector", from);
  const ciphertext = checkedBytes(answer, "ciphertext", from);
  if (vector.length !== vectorSize || ciphertext.length !== plaintext.length + tagSize)
    throw badAnswer(from, "the ciphertext is not one of AES-GCM");
  const length = vector.length + ciphertext.length;
  return concatBytes(Uint8Array.of(length >> 8, length & 0xff), vector, ciphertext);
}

/** Decrypts. Like the official readers, it cuts at fixed offsets and ignores the length. */
export async function unwrapRaw(
  { caller, version, aad = officialAad, source }: GcpKeyContext & { version: string },
  wrapped: Uint8Array,
  context: WrapContext,
): Promise<Uint8Array> {
  const from = { ...source, operation: "rawDecrypt" };
  if (wrapped.length <= lengthSize + vectorSize + tagSize)
    throw kmsFailure("ERR_KSM_KMS_UNWRAP_FAILED", { ...from, help: "It is too short for a raw key." });
  const answer = await caller.call(
    "rawDecrypt",
    {
      name: version,
      ...sent("initializationVector", wrapped.subarray(lengthSize, lengthSize + vectorSize)),
      ...sent("ciphertext", wrapped.subarray(lengthSize + vectorSize)),
      ...sent("additionalAuthenticatedData", aad),
    },
    context,
  );
  for (const field of ["Ciphertext", "InitializationVector", "AdditionalAuthenticatedData"] as const)
    requireVerified(answer, field, from);
  return checkedBytes(answer, "plaintext", from);
}

/** Whether bytes have the form that {@link wrapRaw} writes. */
export function looksRaw(wrapped: Uint8Array): boolean {
  const [high = 0, low = 0] = wrapped;
  return (
    wrapped.length > lengthSize + vectorSize + tagSize && high * 256 + low === wrapped.length - lengthSize
  );
}
