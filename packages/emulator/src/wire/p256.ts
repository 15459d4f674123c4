/**
 * P-256 keys as the protocol carries them, signatures, and ECIES blobs (ksm-protocol 5, 6, 8.3):
 * `ephemeralPoint(65) ‖ GCM blob` under SHA-256 of the shared x coordinate.
 */
import { createECDH, createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { concatBytes, type Random } from "@ksmkit/common";
import { gcmOverhead, openGcm, sealGcm } from "./aes.ts";

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

/** Length of an ECIES blob that holds a 32-byte key. */
export const wrappedKeyLength: number = pointLength + gcmOverhead + 32;

/** Seals bytes to the holder of `recipient` (65-byte point); `null` when that is no valid point. */
export function sealEcies(recipient: Uint8Array, plaintext: Uint8Array, random: Random): Uint8Array | null {
  const ephemeral = generateKeyPair();
  const secret = agree(ephemeral.privateKey, recipient);
  if (secret === null) return null;
  return concatBytes(ephemeral.publicKey, sealGcm(derive(secret), plaintext, random));
}

/** Opens an ECIES blob; `null` when the point is bad or the blob does not authenticate. */
export function openEcies(privateKey: Uint8Array, blob: Uint8Array): Uint8Array | null {
  const secret = agree(privateKey, blob.subarray(0, pointLength));
  return secret === null ? null : openGcm(derive(secret), blob.subarray(pointLength));
}

function derive(secret: Uint8Array): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
