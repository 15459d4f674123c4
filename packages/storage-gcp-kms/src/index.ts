/**
 * Device configurations of Keeper Secrets Manager, sealed under a Google Cloud KMS key.
 *
 * @module
 */
export type {
  GcpAnswer,
  GcpCall,
  GcpCallOptions,
  GcpClientOptions,
  GcpKmsClient,
  GcpRequest,
} from "./gcp-kms-client.ts";
export { gcpKmsKey, type GcpKmsKeyOptions } from "./gcp-kms-key.ts";
export type { GcpKeyParts, GcpKeyPurpose } from "./options.ts";
export { gcpKmsStorage, type GcpKmsStorageOptions } from "./gcp-kms-storage.ts";
