/**
 * Sealing to a P-256 public key (ksm-protocol section 8.3): `ephemeralPoint(65) ‖ GCM blob`, the blob under
 * `SHA-256(X ‖ id)` with X the 32-byte shared x coordinate, leading zeros kept.
 */
import { concatBytes } from "@ksmkit/common";
import { provider } from "#crypto";
import { CryptoError } from "../errors/errors.ts";
import type { CryptoProvider, PrivateKey, PublicKey } from "./provider.ts";

/** Options of {@link openEcies}. */
export interface EciesOptions {
  /** Context bytes mixed into the key. Default: none, as everywhere in this protocol. */
  id?: Uint8Array | undefined;
  /** Default: the platform's provider. */
  crypto?: CryptoProvider | undefined;
}

/** Options of {@link sealEcies}. */
export interface SealEciesOptions extends EciesOptions {
  /** Default: a fresh key, which is the only safe choice; vectors fix it. */
  ephemeral?: PrivateKey | undefined;
  /** 12 bytes. Default: random; vectors fix it. */
  nonce?: Uint8Array | undefined;
}

const pointLength = 65;
/** Point, nonce(12) and tag(16) around an empty plaintext. */
const overhead = pointLength + 28;

/** Seals to the holder of `recipient`'s private half. The result is 93 bytes longer than the plaintext. */
export async function sealEcies(
  recipient: PublicKey,
  plaintext: Uint8Array,
  { ephemeral, nonce, id, crypto = provider }: SealEciesOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const sender = ephemeral ?? (await crypto.generateKeyPair());
  const key = await deriveKey(crypto, sender, recipient, id);
  return concatBytes(sender.publicPoint, await crypto.sealGcm(key, plaintext, nonce));
}

/**
 * Opens what {@link sealEcies} sealed.
 *
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_OPEN_FAILED` when the blob is too short, does not start with an
 *   uncompressed point of the curve, or does not authenticate.
 */
export async function openEcies(
  key: PrivateKey,
  blob: Uint8Array,
  { id, crypto = provider }: EciesOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (blob.length < overhead) throw openFailed(`is shorter than ${overhead} bytes`);
  let sender: PublicKey;
  try {
    sender = await crypto.importPoint(blob.subarray(0, pointLength));
  } catch (cause) {
    throw openFailed("does not start with a public point", cause);
  }
  const opened = await crypto.openGcm(await deriveKey(crypto, key, sender, id), blob.subarray(pointLength));
  if (opened === null) throw openFailed("does not authenticate under this private key");
  return opened;
}

async function deriveKey(
  crypto: CryptoProvider,
  own: PrivateKey,
  peer: PublicKey,
  id: Uint8Array | undefined,
): Promise<Uint8Array> {
  const x = await crypto.sharedSecret(own, peer);
  return crypto.sha256(id ? concatBytes(x, id) : x);
}

function openFailed(why: string, cause?: unknown): CryptoError {
  return new CryptoError("ERR_KSM_CRYPTO_OPEN_FAILED", `The ECIES blob ${why}.`, { cause });
}
