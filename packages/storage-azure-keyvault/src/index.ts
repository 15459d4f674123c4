/**
 * Device configurations of Keeper Secrets Manager, sealed under an Azure Key Vault key.
 *
 * @module
 */
export type {
  AzureCredential,
  AzureKeyVaultClient,
  AzureKeyVaultConnection,
} from "./azure-keyvault-client.ts";
export { azureKeyVaultKey, azureKeyVaultStorage } from "./azure-keyvault-storage.ts";
export type { AzureKeyVaultKeyOptions, AzureKeyVaultStorageOptions, AzureWrapAlgorithm } from "./options.ts";
