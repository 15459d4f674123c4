/**
 * Device configurations of Keeper Secrets Manager, sealed under an Oracle Cloud Vault key.
 *
 * @module
 */
export type { OracleKmsClient, OracleKmsConnection } from "./oracle-kms-client.ts";
export { oracleKmsKey, oracleKmsStorage } from "./oracle-kms-storage.ts";
export type { OracleKmsKeyOptions, OracleKmsStorageOptions } from "./options.ts";
