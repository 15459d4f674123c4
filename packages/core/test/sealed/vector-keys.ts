/** The keys of `kms-blobs.json` as key wrappers: what the cloud services would do, with real cryptography. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import type { KeyWrapper } from "../../src/sealed/key-wrapper.ts";

/** A key of the vector file. */
export type VectorKey = { id: string } & (
  | { wrap: "fake-aead"; aesKeyHex: string }
  | { wrap: "gcp-raw-aes-256-gcm"; aesKeyHex: string }
  | { wrap: "rsa-oaep"; oaepHash: string; privateKeyPkcs8Pem: string }
);

/** A wrapper that counts its calls. */
export interface CountedWrapper extends KeyWrapper {
  calls: ("wrap" | "unwrap")[];
}

/** Makes a wrapper of a key. */
export function vectorWrapper(key: VectorKey): CountedWrapper {
  const [wrap, unwrap] = functionsOf(key);
  const calls: CountedWrapper["calls"] = [];
  return {
    calls,
    provider: "vector file",
    keyId: key.id,
    wrap: async (plaintext) => {
      calls.push("wrap");
      return wrap(plaintext);
    },
    unwrap: async (wrapped) => {
      calls.push("unwrap");
      return unwrap(wrapped);
    },
  };
}

type Work = (bytes: Uint8Array) => Uint8Array;

function functionsOf(key: VectorKey): [wrap: Work, unwrap: Work] {
  switch (key.wrap) {
    case "rsa-oaep": {
      const privateKey = createPrivateKey(key.privateKeyPkcs8Pem);
      const options = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: key.oaepHash };
      return [
        (bytes) => publicEncrypt({ key: createPublicKey(privateKey), ...options }, bytes),
        (bytes) => privateDecrypt({ key: privateKey, ...options }, bytes),
      ];
    }
    case "gcp-raw-aes-256-gcm": {
      const [seal, open] = gcm(key.aesKeyHex, "keeper_auth");
      const lengthOf = (bytes: Uint8Array): Uint8Array =>
        Uint8Array.of(bytes.length >> 8, bytes.length & 255);
      return [
        (bytes) => Buffer.concat([lengthOf(seal(bytes)), seal(bytes)]),
        (bytes) => open(bytes.subarray(2)),
      ];
    }
    case "fake-aead":
      return gcm(key.aesKeyHex, key.id);
  }
  throw new Error("the vector file names a kind of key that this test does not know");
}

function gcm(keyHex: string, context: string): [seal: Work, open: Work] {
  const key = Buffer.from(keyHex, "hex");
  return [
    (bytes) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
      cipher.setAAD(Buffer.from(context));
      return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    (bytes) => {
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    },
  ];
}
