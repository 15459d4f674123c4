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
export { awsKmsKey, awsKmsStorage } from "./aws-kms-storage.ts";
export type { AwsKeySpec, AwsKmsKeyOptions, AwsKmsStorageOptions } from "./options.ts";
