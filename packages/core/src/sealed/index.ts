/**
 * Device configurations sealed under a key of a key service, in the layouts of the official clients.
 *
 * @module
 */
export { ArgumentError } from "../errors/errors.ts";
export { KmsError, type KmsErrorCode, type KmsErrorOptions } from "../errors/errors.ts";
export { SealedError, type SealedErrorCode } from "../errors/errors.ts";
export { StorageError } from "../errors/errors.ts";
export type { ByteStore, ByteWrite, StoredBytes } from "./byte-store.ts";
export { crc32, crc32c } from "./crc32.ts";
export { inspectBlob, type BlobReport } from "./inspect-blob.ts";
export type { ExpectedIdentity } from "./identity.ts";
export type { KeyWrapper, WrapContext } from "./key-wrapper.ts";
export { retryTransient, type RetryTransientOptions } from "./retry-transient.ts";
export { connectionFailure, kmsFailure, type KmsFailure } from "./kms-failure.ts";
export type { SealedLayout } from "./detect-layout.ts";
export { loadSdk } from "./load-sdk.ts";
export {
  sealedStorage,
  type DecryptConfigOptions,
  type SealedStorage,
  type SealedStorageOptions,
} from "./sealed-storage.ts";
export type { SealedWarning, SealingOptions } from "./sealing-options.ts";
export { textStore, type TextStoreOptions } from "./text-store.ts";
