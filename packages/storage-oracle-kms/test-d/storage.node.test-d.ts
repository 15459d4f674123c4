/** What the compiler takes and refuses of a storage over Oracle Cloud Vault, with and without the SDK's own types. */
import type { ConfigStorage } from "@ksmkit/core";
import type { KeyWrapper, SealedStorage } from "@ksmkit/core/sealed";
import { oracleKmsKey, oracleKmsStorage, type OracleKmsClient } from "@ksmkit/storage-oracle-kms";

const keyId = "ocid1.key.oc1.iad.example";
const cryptoEndpoint = "https://example-crypto.kms.us-ashburn-1.oraclecloud.com";
const storage: SealedStorage = oracleKmsStorage({ keyId, cryptoEndpoint, profile: "PROD" });
const forAnyClient: ConfigStorage = storage;

// The SDK's client has an enumeration for the algorithm and more in its answers.
declare const client: {
  encrypt(request: {
    encryptDataDetails: { keyId: string; plaintext: string; encryptionAlgorithm?: "RSA_OAEP_SHA_256" };
  }): Promise<{ encryptedData: { ciphertext: string }; opcRequestId: string }>;
  decrypt(request: {
    decryptDataDetails: { keyId: string; ciphertext: string; encryptionAlgorithm?: "RSA_OAEP_SHA_256" };
  }): Promise<{ decryptedData: { plaintext: string; plaintextChecksum: string }; opcRequestId: string }>;
};
const structural: OracleKmsClient = client;
const key: KeyWrapper = oracleKmsKey({ keyId, client: structural, algorithm: "RSA" });
const changed: Promise<void> = storage.changeKey(key);

// @ts-expect-error a key is needed
oracleKmsKey({ cryptoEndpoint });
// @ts-expect-error not a kind of key that wraps
oracleKmsKey({ keyId, cryptoEndpoint, algorithm: "ECDSA" });
// @ts-expect-error not a client
oracleKmsStorage({ keyId, client: {} });

export { changed, forAnyClient };
