/** Keys of purpose `ASYMMETRIC_DECRYPT`: encrypted here with the version's public key, decrypted by the service. */
import { decodeBase64 } from "@ksmkit/common";
import { kmsFailure, type WrapContext } from "@ksmkit/core/sealed/node";
import type { GcpKeyContext } from "./key-context.ts";
import { badAnswer, checkedBytes, checkedPem, requireVerified, sent } from "./key-purposes.ts";

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
