/** The sealed configuration, with everything that is not Google's from core. */
import { sealedFileStorage, type SealedPlaceOptions, type SealedStorage } from "@ksmkit/core/sealed/node";
import { gcpKmsKey, type GcpKmsKeyOptions } from "./gcp-kms-key.ts";

/** Options of {@link gcpKmsStorage}: the key, and where and how the configuration lies. */
export interface GcpKmsStorageOptions extends GcpKmsKeyOptions, SealedPlaceOptions {}

/**
 * Creates a storage for a device configuration, sealed under a Google Cloud KMS key. Nothing is read, asked or
 * loaded before the first use.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` for a malformed key name or option
 * @example
 * ```ts
 * const storage = gcpKmsStorage({
 *   path: "/etc/app/ksm.bin",
 *   keyName: "projects/my-project/locations/europe-west1/keyRings/ksm/cryptoKeys/config",
 * });
 * const manager = new SecretsManager({ storage, token: process.env["KSM_TOKEN"] });
 * ```
 */
export function gcpKmsStorage(options: GcpKmsStorageOptions): SealedStorage {
  return sealedFileStorage({ ...options, wrapper: gcpKmsKey(options) });
}
