/** RSA keys of the fakes: OAEP with one hash for label and mask, empty label. */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  privateDecrypt,
  publicEncrypt,
  type KeyObject,
} from "node:crypto";
import { promisify } from "node:util";

/** Hash of the OAEP padding. */
export type OaepHash = "sha1" | "sha256" | "sha512";

/** A private key: the given PKCS#8 text, or a new one of `bits`. */
export async function rsaKey(bits: number, privateKeyPem?: string): Promise<KeyObject> {
  if (privateKeyPem === undefined) {
    const pair = await promisify(generateKeyPair)("rsa", { modulusLength: bits });
    return pair.privateKey;
  }
  const key = createPrivateKey(privateKeyPem);
  const found = key.asymmetricKeyDetails?.modulusLength;
  if (found !== bits) throw new Error(`The given RSA key has ${found} bits, not ${bits}.`);
  return key;
}

/** Encrypts with the public half. */
export function sealOaep(key: KeyObject, hash: OaepHash, plaintext: Uint8Array): Buffer {
  return publicEncrypt({ key: createPublicKey(key), ...oaep(hash) }, plaintext);
}

/** Decrypts; null when the bytes were not made for this key and hash. */
export function openOaep(key: KeyObject, hash: OaepHash, sealed: Uint8Array): Buffer | null {
  try {
    return privateDecrypt({ key, ...oaep(hash) }, sealed);
  } catch {
    return null;
  }
}

/** The public half as SubjectPublicKeyInfo in PEM. */
export function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
}

function oaep(hash: OaepHash): { padding: number; oaepHash: OaepHash } {
  return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash };
}
