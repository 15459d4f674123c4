/**
 * Symmetric blobs (ksm-protocol 8.3).
 *
 * - GCM blob `iv(12) ‖ ciphertext ‖ tag(16)`, AES-256-GCM without additional data
 * - CBC blob `iv(16) ‖ ciphertext`, AES-256-CBC with PKCS#7 padding, unauthenticated
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Random } from "@ksmkit/common";

/** Bytes that a GCM blob adds to its plaintext. */
export const gcmOverhead = 28;

/** Length of every symmetric key of the protocol. */
export const keyLength = 32;

/** Seals bytes as a GCM blob under a fresh nonce. */
export function sealGcm(key: Uint8Array, plaintext: Uint8Array, random: Random): Buffer<ArrayBuffer> {
  const iv = random(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const body = cipher.update(plaintext);
  return Buffer.concat([iv, body, cipher.final(), cipher.getAuthTag()]);
}

/** Opens a GCM blob; `null` when it is too short or does not authenticate. */
export function openGcm(key: Uint8Array, blob: Uint8Array): Buffer | null {
  if (key.length !== keyLength || blob.length < gcmOverhead) return null;
  const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(blob.subarray(blob.length - 16));
  const plaintext = decipher.update(blob.subarray(12, blob.length - 16));
  try {
    decipher.final();
    return plaintext;
  } catch {
    return null;
  }
}

/** Seals bytes as a CBC blob under a fresh IV. */
export function sealCbc(key: Uint8Array, plaintext: Uint8Array, random: Random): Buffer<ArrayBuffer> {
  const iv = random(16);
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final()]);
}

/** Opens a CBC blob; `null` on a bad length or padding. A wrong key can go unnoticed: check the result. */
export function openCbc(key: Uint8Array, blob: Uint8Array): Buffer | null {
  if (key.length !== keyLength || blob.length < 32 || blob.length % 16 !== 0) return null;
  const decipher = createDecipheriv("aes-256-cbc", key, blob.subarray(0, 16));
  try {
    return Buffer.concat([decipher.update(blob.subarray(16)), decipher.final()]);
  } catch {
    return null;
  }
}
