/**
 * Drop-in for `@keeper-security/secrets-manager-core` 17.5.0: the names of its Node entry, with the same
 * signatures and results.
 *
 * @module
 */
export { KeeperError, KeeperThrottleError } from "./errors.ts";
export { generatePassword, getTotpCode } from "./generators.ts";
export { cachingPostFunction } from "./cache/caching-post-function.ts";
export { downloadFile, downloadThumbnail, uploadFile } from "./client/files.ts";
export {
  findSecretByTitle,
  findSecretsByTitle,
  getSecretByTitle,
  getSecretsByTitle,
} from "./client/find-by-title.ts";
export { getFolders } from "./client/get-folders.ts";
export { getSecrets, getSecrets2 } from "./client/get-secrets.ts";
export { getClientId, initializeStorage } from "./client/initialize-storage.ts";
export { postFunction } from "./client/post-query.ts";
export { parseThrottle, throttleDelay, throttleJitter } from "./client/throttle.ts";
export { generateTransmissionKey } from "./client/transmission-key.ts";
export { initialize } from "./client/version.ts";
export { createFolder, deleteFolder, updateFolder } from "./client/write-folders.ts";
export {
  completeTransaction,
  createSecret,
  createSecret2,
  deleteSecret,
  updateSecret,
  updateSecret2,
} from "./client/write-records.ts";
export { addCustomField } from "./fields/add-custom-field.ts";
export type * from "./fields/field-values.ts";
export * from "./fields/fields.ts";
export { getLinks, KeeperRecordLink } from "./links/keeper-record-link.ts";
export { parseNotation } from "./notation/notation-sections.ts";
export { getNotationResults, getValue, tryGetNotationResults } from "./notation/notation-values.ts";
export { connectPlatform, platform, setCustomProxyAgent } from "./platform/connect.ts";
export { inMemoryStorage, loadJsonConfig } from "./storage/in-memory-storage.ts";
export { localConfigStorage } from "./storage/local-config-storage.ts";
export type {
  EncryptedPayload,
  KeeperHttpResponse,
  KeyValueStorage,
  Platform,
  TransmissionKey,
} from "./types/platform.ts";
export {
  UpdateTransactionType,
  type CreateOptions,
  type KeeperFile,
  type KeeperFileUpload,
  type KeeperFolder,
  type KeeperRecord,
  type KeeperSecrets,
  type QueryOptions,
  type SecretManagerOptions,
  type UpdateOptions,
} from "./types/records.ts";
