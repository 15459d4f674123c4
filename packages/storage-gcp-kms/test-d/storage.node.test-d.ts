/** What the compiler takes and refuses of a storage over Google Cloud KMS, with and without the SDK's own types. */
import type { ConfigStorage } from "@ksmkit/core";
import type { KeyWrapper, SealedStorage } from "@ksmkit/core/sealed";
import { gcpKmsKey, gcpKmsStorage, type GcpKeyParts, type GcpKmsClient } from "@ksmkit/storage-gcp-kms";

const parts: GcpKeyParts = { project: "p", location: "global", keyRing: "r", key: "k", version: 2 };
const storage: SealedStorage = gcpKmsStorage({ keyName: parts, purpose: "asymmetric" });
const forAnyClient: ConfigStorage = storage;
const key: KeyWrapper = gcpKmsKey({
  keyName: "projects/p/locations/global/keyRings/r/cryptoKeys/k",
  additionalAuthenticatedData: new Uint8Array(4),
  clientOptions: { keyFilename: "/etc/app/gcp.json" },
});
const changed: Promise<void> = storage.changeKey(key);

// What the calls of the SDK's client look like: a list with the answer in front, nulls for what is not there.
declare const call: (
  request?: { name?: string | null },
  options?: { timeout?: number; retry?: object | null },
) => Promise<[{ ciphertext?: Uint8Array | string | null; name?: string | null }, object | undefined]>;
const client: GcpKmsClient = {
  getCryptoKeyVersion: call,
  getPublicKey: call,
  encrypt: call,
  decrypt: call,
  asymmetricDecrypt: call,
  rawEncrypt: call,
  rawDecrypt: call,
};
gcpKmsStorage({ keyName: parts, client });

// @ts-expect-error a key is needed
gcpKmsKey({});
// @ts-expect-error not a purpose that wraps
gcpKmsKey({ keyName: parts, purpose: "signing" });
// @ts-expect-error not a client
gcpKmsStorage({ keyName: parts, client: {} });

export { changed, forAnyClient };
