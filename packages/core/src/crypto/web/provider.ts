/** The crypto provider over WebCrypto: browsers, workers, every runtime that does not resolve the `node` condition. */
import { p256 } from "@noble/curves/nist.js";
import { requireHkdfSizes } from "../key-checks.ts";
import type { CryptoProvider } from "../provider.ts";
import { openAll, openCbc, openGcm, sealCbc, sealGcm, unsharedBytes } from "./aes.ts";
import { WebPrivateKey, WebPublicKey } from "./p256-keys.ts";

/** The provider over WebCrypto. Results are plain `Uint8Array`s that own their memory. */
export const provider: CryptoProvider = {
  openGcm,
  openAll,
  sealGcm,
  openCbc,
  sealCbc,
  async hmac(hash, key, message) {
    // WebCrypto refuses an empty key. RFC 2104 fills keys up with zeros, so one zero is the same key.
    const bytes = key.length === 0 ? new Uint8Array(1) : unsharedBytes(key);
    const imported = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", imported, unsharedBytes(message)));
  },
  async hkdf(key, salt, info, length) {
    requireHkdfSizes(info, length);
    const algorithm = {
      name: "HKDF",
      hash: "SHA-256",
      salt: unsharedBytes(salt),
      info: unsharedBytes(info),
    };
    const imported = await crypto.subtle.importKey("raw", unsharedBytes(key), "HKDF", false, ["deriveBits"]);
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, imported, 8 * length));
  },
  async sha256(data) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", unsharedBytes(data)));
  },
  generateKeyPair: () => WebPrivateKey.generate(),
  importScalar: (scalar) => WebPrivateKey.fromScalar(scalar),
  exportPkcs8: async (key) => WebPrivateKey.of(key).exportPkcs8(),
  importPoint: async (point) => new WebPublicKey(point),
  expandPoint: (compressed) => new Uint8Array(p256.Point.fromBytes(compressed).toBytes(false)),
  sign: async (key, ...parts) => WebPrivateKey.of(key).sign(parts),
  verify: async (key, signature, ...parts) => WebPublicKey.of(key).verify(signature, parts),
  sharedSecret: async (key, peer) => WebPrivateKey.of(key).sharedSecret(WebPublicKey.of(peer)),
};
