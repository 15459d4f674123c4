/**
 * Client of Keeper Secrets Manager: one-time tokens, encrypted records, folders, files, notation, TOTP.
 *
 * @module
 */
export { SecretsManager, type ExportConfigOptions } from "./client/secrets-manager.ts";
export type { BindResult, ReadOptions } from "./client/service-client.ts";
export type { FoldersResult } from "./client/folders.ts";
export type { SecretsQuery, SecretsResult } from "./client/get-secrets.ts";
export type { SecretsManagerOptions } from "./client/secrets-manager-options.ts";
export type {
  Middleware,
  CallingDevice,
  Next,
  ServiceResponse,
  ServiceCall,
} from "./middleware/middleware.ts";
export type { DeviceStatus } from "./client/device-config.ts";
export { formatConfigBase64, formatConfigJson, parseConfigText } from "./config/config-text.ts";
export { memoryStorage } from "./config/storage.ts";
export type { ConfigStorage, ConfigValues, SaveOptions } from "./config/storage.ts";
export { textStorage, type TextStorageOptions } from "./config/storage.ts";
export { AbortedError } from "./errors/errors.ts";
export { ArgumentError } from "./errors/errors.ts";
export type { KeeperErrorCode } from "./errors/codes.ts";
export { ConfigError } from "./errors/errors.ts";
export { CryptoError } from "./errors/errors.ts";
export { GeneratorError } from "./errors/errors.ts";
export { KeeperError } from "./errors/errors.ts";
export { RecordError } from "./errors/errors.ts";
export { StorageError } from "./errors/errors.ts";
export { ThrottledError } from "./errors/errors.ts";
export { TokenError } from "./errors/errors.ts";
export { TransportError } from "./errors/errors.ts";
export { regionHosts } from "./protocol/host.ts";
export type * from "./records/field-types.ts";
export type { Freshness, FreshnessSource } from "./records/freshness.ts";
export { KsmFile } from "./records/ksm-file.ts";
export { KsmFolder } from "./records/ksm-folder.ts";
export { KsmRecord } from "./records/ksm-record.ts";
export type { OpenedFolders } from "./records/open-folders.ts";
export type { Problem, ProblemKind, ProblemReason } from "./records/problem.ts";
export type { NewField, RecordField } from "./records/record-field.ts";
export type { Endpoint } from "./protocol/wire.ts";
export type { SealedRequest } from "./transport/envelope.ts";
export type { OnRetry, RetryNotice, RetryReason } from "./transport/retry-notice.ts";
export type { Post, PostAnswer, PostFunction, PostRequest } from "./transport/transport.ts";
export type {
  Clock,
  FetchLike,
  FetchRequest,
  FetchResponse,
  NetworkOptions,
  Random,
  Sleep,
  WaitOptions,
} from "@ksmkit/common";
