/** What the compiler takes and refuses of a storage over Azure Key Vault, with and without the SDK's own types. */
import type { ConfigStorage } from "@ksmkit/core";
import type { KeyWrapper, SealedStorage } from "@ksmkit/core/sealed";
import {
  azureKeyVaultKey,
  azureKeyVaultStorage,
  type AzureCredential,
  type AzureKeyVaultClient,
} from "@ksmkit/storage-azure-keyvault";

const keyId = "https://v.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef";
const storage: SealedStorage = azureKeyVaultStorage({ keyId, path: "ksm.bin", plaintext: "refuse" });
const forAnyClient: ConfigStorage = storage;

// What a credential and a client of the SDK look like.
const credential: AzureCredential = {
  getToken: async () => ({ token: "t", expiresOnTimestamp: 1, tokenType: "Bearer" }),
};
declare const call: (
  algorithm: "RSA-OAEP" | "RSA-OAEP-256" | "RSA1_5",
  key: Uint8Array,
  options?: { abortSignal?: AbortSignal },
) => Promise<{ result: Uint8Array; algorithm: string }>;
const client: AzureKeyVaultClient = { wrapKey: call, unwrapKey: call };
const key: KeyWrapper = azureKeyVaultKey({ keyId, algorithm: "RSA-OAEP-256", credential, client });
const changed: Promise<void> = storage.changeKey(key);

// @ts-expect-error not an algorithm that is used
azureKeyVaultKey({ keyId, algorithm: "RSA1_5" });
// @ts-expect-error not a client
azureKeyVaultStorage({ keyId, client: {} });

export { changed, forAnyClient };
