/** AES-256-GCM piece by piece (ksm-protocol section 8.3; NIST SP 800-38D). */
import { requireLength } from "../key-checks.ts";
import type { GcmOpener, GcmSealer, GcmStream } from "../gcm-stream.ts";
import { cipherKey, gcm, gcmOptions, nodeCrypto } from "./aes.ts";

/** Node's: every platform that resolves the `node` condition has it. */
export const gcmStream: GcmStream | undefined = { createSealer, createOpener };

function createSealer(key: Uint8Array): GcmSealer {
  const { createCipheriv, randomFillSync } = nodeCrypto();
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

function createOpener(key: Uint8Array, nonce: Uint8Array): GcmOpener {
  const iv = requireLength(nonce, 12, "nonce");
  const decipher = nodeCrypto().createDecipheriv(gcm, cipherKey(key), iv, gcmOptions);
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
