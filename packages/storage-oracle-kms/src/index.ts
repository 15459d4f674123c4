/**
 * Device configurations of Keeper Secrets Manager, sealed under an Oracle Cloud Vault key.
 *
 * @module
 */
export type { OracleKmsClient, OracleKmsConnection } from "./oracle-kms-client.ts";
export { oracleKmsKey, type OracleKmsKeyOptions } from "./oracle-kms-key.ts";
export { oracleKmsStorage, type OracleKmsStorageOptions } from "./oracle-kms-storage.ts";
