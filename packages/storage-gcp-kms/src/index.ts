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
export { gcpKmsKey, gcpKmsStorage } from "./gcp-kms-storage.ts";
export type { GcpKeyParts, GcpKeyPurpose, GcpKmsKeyOptions, GcpKmsStorageOptions } from "./options.ts";
