/**
 * References to values: many resolved in one round trip, watched for changes, exported as environment variables;
 * and the handle that keeps a value out of logs.
 *
 * @module
 */
export {
  exportEnv,
  type EnvExport,
  type EnvOrigin,
  type EnvSources,
  type ExportEnvOptions,
} from "../client/export-env.ts";
export { resolve, type PartialResult, type ResolveOptions, type ResolveResult } from "../client/resolve.ts";
export { watch, type WatchCallback, Watching, type WatchOptions, type WatchUpdate } from "../client/watch.ts";
export type { ReadRecordsOptions, ReferenceSource } from "../client/read-references.ts";
export { EnvError, type EnvProblem, type EnvProblemReason } from "../errors/env-error.ts";
export { ResolveError, type ReferenceProblem } from "../errors/resolve-error.ts";
export { SecretError } from "../errors/secret-error.ts";
export { Secret } from "../records/secret.ts";
export { formatEnv, type EnvFormat } from "./env-format.ts";
export type { EnvNaming, EnvRecord } from "./env-record.ts";
export { envName, isDangerousEnvName, isEnvName } from "./env-name.ts";
export type { ValueOptions } from "./hand-out.ts";
export type {
  FieldReference,
  FileReference,
  NotationReference,
  RecordName,
  RecordReference,
  Reference,
  References,
} from "./reference.ts";
export type { NotationValue, ReferenceValue, Resolved } from "./resolved.ts";
