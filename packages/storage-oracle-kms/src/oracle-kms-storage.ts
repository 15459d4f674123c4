/** The sealed configuration, with everything that is not Oracle's from core. */
import { sealedFileStorage, type SealedPlaceOptions, type SealedStorage } from "@ksmkit/core/sealed/node";
import { oracleKmsKey, type OracleKmsKeyOptions } from "./oracle-kms-key.ts";

/** Options of {@link oracleKmsStorage}: the key, and where and how the configuration lies. */
export interface OracleKmsStorageOptions extends OracleKmsKeyOptions, SealedPlaceOptions {}

/**
 * Creates a storage for a device configuration, sealed under an Oracle Cloud Vault key. Nothing is read, asked or
 * loaded before the first use.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * const storage = oracleKmsStorage({
 *   path: "/etc/app/ksm.bin",
 *   keyId: "ocid1.key.oc1.iad.…",
 *   cryptoEndpoint: "https://….kms.us-ashburn-1.oraclecloud.com",
 * });
 * const manager = new SecretsManager({ storage, token: process.env["KSM_TOKEN"] });
 * ```
 */
export function oracleKmsStorage(options: OracleKmsStorageOptions): SealedStorage {
  return sealedFileStorage({ ...options, wrapper: oracleKmsKey(options) });
}
