/** AES-256 over OpenSSL, synchronous (ksm-protocol section 8.3; NIST SP 800-38D and 800-38A). */
import type * as Crypto from "node:crypto";
import { concatBytes } from "@ksmkit/common";
import { requireLength, requireSymmetricKey } from "../key-checks.ts";
import type { SealedItem } from "../provider.ts";

/**
 * Returns a plain `Uint8Array` over the Buffer's memory when nothing else lives in it, else a copy. Ciphers,
 * hashes and signatures allocate memory of their own, so this is a view; a Buffer out of Node's shared pool
 * would show its neighbours through `.buffer`, and take them along when transferred.
 */
export function plainBytes(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.buffer.byteLength === bytes.length ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
}

/**
 * `node:crypto`, loaded at the first use: a program may import the client long before it needs it, and the namespace
 * that an import makes also loads what Node itself loads only when asked (docs/decisions/0004-bundled-output.md).
 */
export function nodeCrypto(): typeof Crypto {
  return process.getBuiltinModule("node:crypto");
}

/** OpenSSL's name of the cipher. */
export const gcm = "aes-256-gcm";
const cbc = "aes-256-cbc";
/** Without it, OpenSSL would take a tag of 4 bytes as well. */
export const gcmOptions = { authTagLength: 16 };

/**
 * Node 24 distinguishes raw keys from key objects by catching an exception, about 10 µs for each key, many times
 * what a small blob takes to open. Elsewhere the raw key is the faster form, by the cost of the object.
 */
const wrapsKeys = /* @__PURE__ */ process.versions.node.startsWith("24.");

/** A checked key in the form that ciphers take fastest. */
export function cipherKey(key: Uint8Array): Uint8Array | Crypto.KeyObject {
  requireSymmetricKey(key);
  return wrapsKeys ? nodeCrypto().createSecretKey(key) : key;
}

function open(
  { createDecipheriv }: Pick<typeof Crypto, "createDecipheriv">,
  key: Uint8Array | Crypto.KeyObject,
  blob: Uint8Array,
): Uint8Array<ArrayBuffer> | null {
  const { buffer, byteOffset: at } = blob;
  const length = blob.length - 28;
  if (length < 0) return null;
  // Views by constructor: `subarray` of a Buffer is slower. GCM is a stream, so `update` returns everything
  // and `final` only checks the tag.
  const decipher = createDecipheriv(gcm, key, new Uint8Array(buffer, at, 12), gcmOptions);
  decipher.setAuthTag(new Uint8Array(buffer, at + 12 + length, 16));
  const plaintext = decipher.update(new Uint8Array(buffer, at + 12, length));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plainBytes(plaintext);
}

/** Opens a GCM blob; `null` when it is too short or does not authenticate. */
export function openGcm(key: Uint8Array, blob: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return open(nodeCrypto(), cipherKey(key), blob);
}

/** Opens many GCM blobs. Neighbours under the same key array share its prepared form. */
export function openAll(items: readonly SealedItem[]): (Uint8Array<ArrayBuffer> | null)[] {
  const crypto = nodeCrypto();
  let last: Uint8Array | undefined;
  let prepared: Uint8Array | Crypto.KeyObject = new Uint8Array();
  return items.map(({ key, blob }) => {
    if (key !== last) prepared = cipherKey((last = key));
    return open(crypto, prepared, blob);
  });
}

/** Seals to a GCM blob. */
export function sealGcm(key: Uint8Array, plaintext: Uint8Array, nonce?: Uint8Array): Uint8Array<ArrayBuffer> {
  const { createCipheriv, randomFillSync } = nodeCrypto();
  const blob = new Uint8Array(plaintext.length + 28);
  const iv = blob.subarray(0, 12);
  if (nonce) iv.set(requireLength(nonce, 12, "nonce"));
  else randomFillSync(iv);
  const cipher = createCipheriv(gcm, cipherKey(key), iv, gcmOptions);
  blob.set(cipher.update(plaintext), 12);
  cipher.final();
  blob.set(cipher.getAuthTag(), plaintext.length + 12);
  return blob;
}

/** Opens a CBC blob; `null` on impossible length or padding. */
export function openCbc(key: Uint8Array, blob: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const prepared = cipherKey(key);
  if (blob.length < 32 || blob.length % 16 !== 0) return null;
  const decipher = nodeCrypto().createDecipheriv(cbc, prepared, blob.subarray(0, 16));
  const start = decipher.update(blob.subarray(16));
  try {
    return concatBytes(start, decipher.final());
  } catch {
    return null;
  }
}

/** Seals to a CBC blob. */
export function sealCbc(key: Uint8Array, plaintext: Uint8Array, iv?: Uint8Array): Uint8Array<ArrayBuffer> {
  const { createCipheriv, randomFillSync } = nodeCrypto();
  const start = iv ? requireLength(iv, 16, "iv") : randomFillSync(new Uint8Array(16));
  const cipher = createCipheriv(cbc, cipherKey(key), start);
  return concatBytes(start, cipher.update(plaintext), cipher.final());
}
