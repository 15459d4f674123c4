/** P-256 keys as the protocol carries them: uncompressed points and PKCS#8 (ksm-protocol 5, 6). */
import { createECDH, createPublicKey, type KeyObject, verify } from "node:crypto";
import { concatBytes } from "@ksmkit/common";

/** Length of an uncompressed point. */
export const pointLength = 65;

const spkiPrefix = /* @__PURE__ */ Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");

/** A key pair of the vault: the scalar and its uncompressed point. */
export interface KeyPair {
  /** 32-byte scalar. */
  readonly privateKey: Uint8Array;
  /** 65 bytes, first byte 4. */
  readonly publicKey: Uint8Array;
}

/** Makes a new key pair. */
export function generateKeyPair(): KeyPair {
  const ecdh = createECDH("prime256v1");
  const publicKey = ecdh.generateKeys();
  const scalar = ecdh.getPrivateKey();
  const privateKey = new Uint8Array(32);
  // Node drops leading zero bytes of the scalar.
  privateKey.set(scalar, 32 - scalar.length);
  return { privateKey, publicKey };
}

/** Derives the pair of a stored scalar; `null` when it is no valid scalar. */
export function keyPairFromScalar(privateKey: Uint8Array): KeyPair | null {
  if (privateKey.length !== 32) return null;
  const ecdh = createECDH("prime256v1");
  try {
    ecdh.setPrivateKey(privateKey);
    return { privateKey, publicKey: ecdh.getPublicKey() };
  } catch {
    return null;
  }
}

/** Reads an uncompressed point; `null` when the length or form is wrong or it is not on the curve. */
export function importPoint(point: Uint8Array): KeyObject | null {
  if (point.length !== pointLength || point[0] !== 4) return null;
  try {
    return createPublicKey({
      key: Buffer.from(concatBytes(spkiPrefix, point)),
      format: "der",
      type: "spki",
    });
  } catch {
    return null;
  }
}

/** Shared x coordinate, 32 bytes with leading zeros kept; `null` for a bad peer point. */
export function agree(privateKey: Uint8Array, peer: Uint8Array): Uint8Array | null {
  if (peer.length !== pointLength || peer[0] !== 4) return null;
  const ecdh = createECDH("prime256v1");
  try {
    ecdh.setPrivateKey(privateKey);
    return ecdh.computeSecret(peer);
  } catch {
    return null;
  }
}

/** Checks a DER signature (ECDSA, SHA-256). Never throws on malformed signatures. */
export function verifySignature(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify("sha256", data, { key, dsaEncoding: "der" }, signature);
  } catch {
    return false;
  }
}
