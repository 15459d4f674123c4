/** The sealed configuration, with everything that is not Azure's from core. */
import { sealedFileStorage, type SealedPlaceOptions, type SealedStorage } from "@ksmkit/core/sealed/node";
import { azureKeyVaultKey, type AzureKeyVaultKeyOptions } from "./azure-keyvault-key.ts";

/** Options of {@link azureKeyVaultStorage}: the key, and where and how the configuration lies. */
export interface AzureKeyVaultStorageOptions extends AzureKeyVaultKeyOptions, SealedPlaceOptions {}

/**
 * Creates a storage for a device configuration, sealed under an Azure Key Vault key. Nothing is read, asked or
 * loaded before the first use.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * const storage = azureKeyVaultStorage({
 *   path: "/etc/app/ksm.bin",
 *   keyId: "https://my-vault.vault.azure.net/keys/ksm/0123456789abcdef0123456789abcdef",
 * });
 * const manager = new SecretsManager({ storage, token: process.env["KSM_TOKEN"] });
 * ```
 */
export function azureKeyVaultStorage(options: AzureKeyVaultStorageOptions = {}): SealedStorage {
  return sealedFileStorage({ ...options, wrapper: azureKeyVaultKey(options) });
}
