/** Symmetric ciphertexts of the fakes: what `kms-blobs.json` calls `fake-aead`. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const nonceLength = 12;
const tagLength = 16;

/** Which key a ciphertext belongs to, and what it is bound to besides. */
export interface SealBinding {
  /** 16 or 32 bytes. */
  key: Uint8Array;
  /** Additional authenticated data. */
  aad: Uint8Array;
}

/**
 * AES-GCM under the key: `nonce ‖ ciphertext ‖ tag`.
 *
 * @param firstByte first byte of the nonce, so that blobs look like the service's own. Default: random
 */
export function sealBytes({ key, aad }: SealBinding, plaintext: Uint8Array, firstByte?: number): Buffer {
  const nonce = randomBytes(nonceLength);
  if (firstByte !== undefined) nonce[0] = firstByte;
  const cipher = createCipheriv(gcmFor(key), key, nonce).setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what {@link sealBytes} made; null when it was not made under this key and binding. */
export function openBytes({ key, aad }: SealBinding, sealed: Uint8Array): Buffer | null {
  if (sealed.length < nonceLength + tagLength) return null;
  const tagAt = sealed.length - tagLength;
  const cipher = createDecipheriv(gcmFor(key), key, sealed.subarray(0, nonceLength), {
    authTagLength: tagLength,
  });
  cipher.setAAD(aad).setAuthTag(sealed.subarray(tagAt));
  try {
    return Buffer.concat([cipher.update(sealed.subarray(nonceLength, tagAt)), cipher.final()]);
  } catch {
    return null;
  }
}

function gcmFor(key: Uint8Array): "aes-128-gcm" | "aes-256-gcm" {
  return key.length === 16 ? "aes-128-gcm" : "aes-256-gcm";
}
