/** Keys of purpose `ENCRYPT_DECRYPT`. */
import type { WrapContext } from "@ksmkit/core/sealed/node";
import type { GcpKeyContext } from "./key-context.ts";
import { checkedBytes, requireVerified, sent } from "./key-purposes.ts";

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
