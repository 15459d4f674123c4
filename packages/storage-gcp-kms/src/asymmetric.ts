/** Keys of purpose `ASYMMETRIC_DECRYPT`: encrypted here with the version's public key, decrypted by the service. */
import { constants, createPublicKey, publicEncrypt, type KeyObject } from "node:crypto";
import { kmsFailure, type WrapContext } from "@ksmkit/core/sealed/node";
import type { GcpKeyContext } from "./key-context.ts";
import { badAnswer, checkedBytes, checkedPem, requireVerified, sent } from "./messages.ts";

/** The public half of a version and the hash that its algorithm names. */
export interface WrappingKey {
  readonly key: KeyObject;
  readonly hash: string;
}

const algorithm = /^RSA_DECRYPT_OAEP_(?:2048|3072|4096)_(SHA1|SHA256|SHA512)$/;

/**
 * Fetches the public key. The hash comes from the algorithm of this very version: the key's template describes
 * future ones, and a data key wrapped with another hash could never be unwrapped.
 */
export async function fetchWrappingKey(
  { caller, version, source }: GcpKeyContext & { version: string },
  context: WrapContext,
): Promise<WrappingKey> {
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
  try {
    return { key: createPublicKey(pem), hash: hash.toLowerCase() };
  } catch {
    throw badAnswer(from, "the public key cannot be read");
  }
}

/** RSA-OAEP with one hash for label and mask, no label (RFC 8017 section 7.1). */
export function wrapAsymmetric({ key, hash }: WrappingKey, plaintext: Uint8Array): Uint8Array {
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, plaintext);
}

/** Has the service decrypt. */
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
