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
export {
  azureKeyVaultKey,
  type AzureKeyVaultKeyOptions,
  type AzureWrapAlgorithm,
} from "./azure-keyvault-key.ts";
export { azureKeyVaultStorage, type AzureKeyVaultStorageOptions } from "./azure-keyvault-storage.ts";
