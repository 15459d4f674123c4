/**
 * Device configurations of Keeper Secrets Manager, sealed under a Google Cloud KMS key.
 *
 * @module
 */
export type { GcpCallOptions, GcpKmsClient } from "./client.ts";
export { gcpKmsKey, type GcpKmsKeyOptions } from "./key.ts";
export type { GcpKeyParts, GcpKeyPurpose } from "./key-name.ts";
export { gcpKmsStorage, type GcpKmsStorageOptions } from "./storage.ts";
