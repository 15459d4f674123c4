/**
 * Keys of purpose `RAW_ENCRYPT_DECRYPT`, AES-GCM only: the other modes authenticate nothing. What is stored has a
 * form of its own (kms-storage section 2.1): length of the rest (16 bit), initialization vector, ciphertext with
 * tag.
 */
import { concatBytes, utf8Bytes } from "@ksmkit/common";
import { kmsFailure, type WrapContext } from "@ksmkit/core/sealed/node";
import type { GcpKeyContext } from "./key-context.ts";
import { badAnswer, checkedBytes, requireVerified, sent } from "./key-purposes.ts";

/** What the official clients authenticate along. */
const officialAad = utf8Bytes("keeper_auth");
const lengthSize = 2;
const vectorSize = 12;
const tagSize = 16;

/** Encrypts under the version. */
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

/** True for bytes of the form above. */
export function looksRaw(wrapped: Uint8Array): boolean {
  const [high = 0, low = 0] = wrapped;
  return (
    wrapped.length > lengthSize + vectorSize + tagSize && high * 256 + low === wrapped.length - lengthSize
  );
}
