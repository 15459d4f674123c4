/** The crypto provider over `node:crypto`: every method returns at once. */
import { requireHkdfSizes } from "../key-checks.ts";
import type { CryptoProvider, HmacHash } from "../provider.ts";
import { nodeCrypto, openAll, openCbc, openGcm, plainBytes, sealCbc, sealGcm } from "./aes.ts";
import { NodePrivateKey, NodePublicKey } from "./p256-keys.ts";

const hashNames = { "SHA-1": "sha1", "SHA-256": "sha256", "SHA-512": "sha512" } satisfies Record<
  HmacHash,
  string
>;

/** Node's provider. Results are plain `Uint8Array`s that own their memory. */
export const provider: CryptoProvider = {
  openGcm,
  openAll,
  openGcmSync: openGcm,
  sealGcm,
  openCbc,
  sealCbc,
  hmac: (hash, key, message) =>
    plainBytes(nodeCrypto().createHmac(hashNames[hash], key).update(message).digest()),
  hkdf(key, salt, info, length) {
    requireHkdfSizes(info, length);
    return new Uint8Array(nodeCrypto().hkdfSync("sha256", key, salt, info, length));
  },
  sha256: (data) => plainBytes(nodeCrypto().createHash("sha256").update(data).digest()),
  generateKeyPair: () => NodePrivateKey.generate(),
  importScalar: (scalar) => NodePrivateKey.fromScalar(scalar),
  exportPkcs8: (key) => NodePrivateKey.of(key).exportPkcs8(),
  importPoint: (point) => new NodePublicKey(point),
  expandPoint: (compressed) =>
    new Uint8Array(
      nodeCrypto().ECDH.convertKey(compressed, "prime256v1", undefined, undefined, "uncompressed") as Buffer,
    ),
  sign: (key, ...parts) => NodePrivateKey.of(key).sign(parts),
  verify: (key, signature, ...parts) => NodePublicKey.of(key).verify(signature, parts),
  sharedSecret: (key, peer) => NodePrivateKey.of(key).sharedSecret(NodePublicKey.of(peer)),
};
