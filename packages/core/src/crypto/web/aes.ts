/** AES-256 over WebCrypto (ksm-protocol section 8.3; NIST SP 800-38D and 800-38A). */
import { concatBytes } from "@ksmkit/common";
import { requireLength, requireSymmetricKey } from "../key-checks.ts";
import type { SealedItem } from "../provider.ts";

/** Returns the bytes as they are, or a copy when their memory is shared between threads, which WebCrypto refuses. */
export function unsharedBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return isUnshared(bytes) ? bytes : new Uint8Array(bytes);
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}

type Mode = "AES-GCM" | "AES-CBC";
type Opened = Uint8Array<ArrayBuffer> | null;

/** How many blobs {@link openAll} hands to the platform at a time: enough for its threads, few enough to collect. */
const batchSize = 64;

async function importKey(key: Uint8Array, name: Mode, usage: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", unsharedBytes(requireSymmetricKey(key)), name, false, [usage]);
}

/** The arguments are sound, so the one thing left to fail is the tag or the padding. */
async function open(name: Mode, key: CryptoKey, iv: Uint8Array, sealed: Uint8Array): Promise<Opened> {
  try {
    const algorithm = { name, iv: unsharedBytes(iv) };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, unsharedBytes(sealed)));
  } catch {
    return null;
  }
}

async function seal(
  name: Mode,
  key: Uint8Array,
  plaintext: Uint8Array,
  iv: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name, iv: unsharedBytes(iv) };
  const imported = await importKey(key, name, "encrypt");
  const sealed = await crypto.subtle.encrypt(algorithm, imported, unsharedBytes(plaintext));
  return concatBytes(iv, new Uint8Array(sealed));
}

/** WebCrypto's tag is 16 bytes by default. */
async function openGcmWith(key: CryptoKey, blob: Uint8Array): Promise<Opened> {
  return blob.length < 28 ? null : open("AES-GCM", key, blob.subarray(0, 12), blob.subarray(12));
}

/** Opens a GCM blob; `null` when it is too short or does not authenticate. */
export async function openGcm(key: Uint8Array, blob: Uint8Array): Promise<Opened> {
  return openGcmWith(await importKey(key, "AES-GCM", "decrypt"), blob);
}

/** Opens many GCM blobs, a bounded number at a time. The same key array is imported once. */
export async function openAll(items: readonly SealedItem[]): Promise<Opened[]> {
  const opened: Opened[] = [];
  let last: Uint8Array | undefined;
  let imported: Promise<CryptoKey> | undefined;
  for (let start = 0; start < items.length; start += batchSize) {
    const batch = items.slice(start, start + batchSize).map(async ({ key, blob }) => {
      if (!imported || key !== last) imported = importKey((last = key), "AES-GCM", "decrypt");
      return openGcmWith(await imported, blob);
    });
    opened.push(...(await Promise.all(batch)));
  }
  return opened;
}

/** Seals to a GCM blob. */
export async function sealGcm(
  key: Uint8Array,
  plaintext: Uint8Array,
  nonce: Uint8Array = crypto.getRandomValues(new Uint8Array(12)),
): Promise<Uint8Array<ArrayBuffer>> {
  return seal("AES-GCM", key, plaintext, requireLength(nonce, 12, "nonce"));
}

/** Opens a CBC blob; `null` on impossible length or padding. */
export async function openCbc(key: Uint8Array, blob: Uint8Array): Promise<Opened> {
  const imported = await importKey(key, "AES-CBC", "decrypt");
  if (blob.length < 32 || blob.length % 16 !== 0) return null;
  return open("AES-CBC", imported, blob.subarray(0, 16), blob.subarray(16));
}

/** Seals to a CBC blob. */
export async function sealCbc(
  key: Uint8Array,
  plaintext: Uint8Array,
  iv: Uint8Array = crypto.getRandomValues(new Uint8Array(16)),
): Promise<Uint8Array<ArrayBuffer>> {
  return seal("AES-CBC", key, plaintext, requireLength(iv, 16, "iv"));
}
