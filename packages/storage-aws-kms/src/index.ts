/**
 * Device configurations sealed under an AWS KMS key.
 *
 * @module
 */
export type {
  AwsKmsCalls,
  AwsKmsClient,
  AwsKmsConnection,
  AwsKmsCredentials,
  AwsKmsRequest,
} from "./aws-kms-client.ts";
export { awsKmsKey, type AwsKmsKeyOptions } from "./aws-kms-key.ts";
export { awsKmsStorage, type AwsKmsStorageOptions } from "./aws-kms-storage.ts";
export type { AwsKeySpec } from "./key-spec.ts";
