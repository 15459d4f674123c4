/** AES-256-GCM piece by piece (ksm-protocol section 8.3; NIST SP 800-38D). */
import { createCipheriv, createDecipheriv, randomFillSync } from "node:crypto";
import { requireLength } from "../lengths.ts";
import type { GcmOpener, GcmSealer } from "../provider.ts";
import { cipherKey, gcm, gcmOptions } from "./aes.ts";

/** Starts a blob under a random nonce. */
export function createGcmSealer(key: Uint8Array): GcmSealer {
  const nonce = randomFillSync(new Uint8Array(12));
  const cipher = createCipheriv(gcm, cipherKey(key), nonce, gcmOptions);
  return {
    nonce,
    update: (plaintext) => cipher.update(plaintext),
    end() {
      cipher.final();
      return cipher.getAuthTag();
    },
  };
}

/** Starts opening a blob, whose nonce comes first. */
export function createGcmOpener(key: Uint8Array, nonce: Uint8Array): GcmOpener {
  const decipher = createDecipheriv(gcm, cipherKey(key), requireLength(nonce, 12, "nonce"), gcmOptions);
  return {
    update: (ciphertext) => decipher.update(ciphertext),
    end(tag) {
      try {
        decipher.setAuthTag(tag);
        decipher.final();
        return true;
      } catch {
        return false;
      }
    },
  };
}
