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
} from "./export-env.ts";
export { resolve, type PartialResult, type ResolveOptions, type ResolveResult } from "./resolve.ts";
export { watch, type WatchCallback, WatchHandle, type WatchOptions, type WatchUpdate } from "./watch.ts";
// As a whole: a named export could not be augmented.
export type * from "../notation/known-references.ts";
export type { ReadRecordsOptions, ReferenceSource } from "./read-references.ts";
export { EnvError, type EnvProblem, type EnvProblemReason } from "../errors/errors.ts";
export { ResolveError, type ReferenceProblem } from "../errors/errors.ts";
export { SecretError } from "../errors/errors.ts";
export { Secret } from "../records/secret.ts";
export { formatEnv, type EnvFormat } from "./model/env-format.ts";
export type { EnvNaming, EnvRecord } from "./model/env-record.ts";
export { envName, isDangerousEnvName, isEnvName } from "./model/env-name.ts";
export type { ValueOptions } from "./model/format-value.ts";
export type {
  FieldReference,
  FileReference,
  NotationReference,
  RecordName,
  RecordReference,
  Reference,
  References,
} from "./model/reference.ts";
export type { NotationValue, ReferenceValue, Resolved } from "./model/resolved.ts";
