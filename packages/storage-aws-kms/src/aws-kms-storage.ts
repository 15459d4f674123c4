/** The storage to hand to a client. */
import { sealedFileStorage, type SealedPlaceOptions, type SealedStorage } from "@ksmkit/core/sealed/node";
import { awsKmsKey, type AwsKmsKeyOptions } from "./aws-kms-key.ts";

/** Options of {@link awsKmsStorage}. */
export interface AwsKmsStorageOptions extends AwsKmsKeyOptions, SealedPlaceOptions {
  /** The environment variables. Default: `process.env`. */
  env?: SealedPlaceOptions["env"];
}

/**
 * Creates a storage whose content only the AWS KMS key opens, in the layout of the official JavaScript client. Nothing is
 * read, written or asked, and the SDK is not loaded, before the first use.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when there is no key id or an option is malformed
 * @example
 * ```ts
 * const storage = awsKmsStorage({ keyId: "alias/ksm", path: "/var/lib/app/ksm.bin" });
 * const manager = new SecretsManager({ storage, token: "US:…" });
 * ```
 */
export function awsKmsStorage(options: AwsKmsStorageOptions = {}): SealedStorage {
  return sealedFileStorage({ ...options, wrapper: awsKmsKey(options) });
}
