/** Azure Key Vault on loopback: keys over HTTPS with challenge authentication, and the token endpoint behind it. */
export { startKeyVault, type KeyVault } from "./key-vault.ts";
export type { KeyVaultKeyOptions, KeyVaultKeyVersion, KeyVaultTestKey } from "./keys.ts";
