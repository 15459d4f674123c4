/** A device's private key as configurations hold it (ksm-protocol section 5.1). */
import { equalBytes } from "@ksmkit/common";
import { provider } from "#crypto";
import { keyError } from "./key-checks.ts";
import { parsePrivateKey } from "./p256-der.ts";
import type { CryptoProvider, PrivateKey } from "./provider.ts";

/**
 * Imports a P-256 private key from any of the encodings that the vendor SDKs write. The public point is
 * always derived; one inside the encoding must be the same.
 *
 * @param bytes PKCS#8 (138, 150, 67 or 79 bytes), SEC1 (121) or the bare scalar (32)
 * @param crypto default: the platform's provider
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID`
 */
export async function importPrivateKey(
  bytes: Uint8Array,
  crypto: CryptoProvider = provider,
): Promise<PrivateKey> {
  const { scalar, publicPoint } = parsePrivateKey(bytes);
  const key = await crypto.importScalar(scalar);
  if (publicPoint && !equalBytes(publicPoint, key.publicPoint)) {
    throw keyError("The private key holds a public point that is not its own.");
  }
  return key;
}
