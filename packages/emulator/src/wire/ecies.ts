/**
 * ECIES blob `ephemeralPoint(65) ‖ GCM blob` under SHA-256 of the shared x coordinate (ksm-protocol 8.3).
 */
import { createHash } from "node:crypto";
import { concatBytes, type Random } from "@ksmkit/common";
import { gcmOverhead, openGcm, sealGcm } from "./aes.ts";
import { agree, generateKeyPair, pointLength } from "./p256.ts";

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
