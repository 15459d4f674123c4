/**
 * AES-GCM with its parts apart and of any length (NIST SP 800-38D): what formats of others need. The protocol's
 * own blobs go through the provider.
 */
import { unsharedBytes } from "./web/aes.ts";

/** Parameters of {@link sealAesGcm} and {@link openAesGcm}. */
export interface AesGcmOptions {
  /** 16 or 32 bytes. */
  key: Uint8Array;
  /** Any length but 0; 12 is the usual one. */
  nonce: Uint8Array;
  /** Length of the tag in bytes. Default: 16. */
  tagLength?: number;
}

/** Encrypts; returns `ciphertext ‖ tag`. */
export async function sealAesGcm(
  plaintext: Uint8Array,
  options: AesGcmOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await importKey(options, "encrypt");
  return new Uint8Array(await crypto.subtle.encrypt(algorithm(options), key, unsharedBytes(plaintext)));
}

/** Decrypts `ciphertext ‖ tag`; `null` when it does not authenticate. */
export async function openAesGcm(
  sealed: Uint8Array,
  options: AesGcmOptions,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const key = await importKey(options, "decrypt");
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm(options), key, unsharedBytes(sealed)));
  } catch {
    // The parameters are sound, so the one thing left to fail is the tag.
    return null;
  }
}

function importKey({ key }: AesGcmOptions, usage: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", unsharedBytes(key), "AES-GCM", false, [usage]);
}

function algorithm({ nonce, tagLength = 16 }: AesGcmOptions): AesGcmParams {
  return { name: "AES-GCM", iv: unsharedBytes(nonce), tagLength: tagLength * 8 };
}
