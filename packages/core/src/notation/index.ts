/**
 * Keeper Notation: addresses of single values, such as `keeper://My Record/field/password`.
 *
 * @module
 */
export { NotationError } from "../errors/errors.ts";
export { encodeNotation, escapeNotation, formatNotation } from "./escape-notation.ts";
export { evaluateLegacy, type DialectOptions, type NotationDialect } from "./evaluate-legacy.ts";
export { evaluateStrict, type StrictResult } from "./evaluate-strict.ts";
export {
  getNotation,
  getNotationText,
  getNotationValue,
  tryGetNotation,
  type NotationClient,
  type TryNotationOptions,
} from "./get-notation.ts";
export { inflate, isReference, type FetchByUid } from "./inflate.ts";
export type { FileOf, NotationField, NotationFile, NotationRecord } from "./notation-record.ts";
export {
  parseNotation,
  type NotationParts,
  type NotationSelector,
  type ParsedNotation,
  type ParseNotationOptions,
} from "./parse-notation.ts";
export {
  resolveLegacyNotation,
  resolveNotation,
  resolveNotationText,
  tryResolveNotation,
  type LegacyNotationOptions,
  type NotationSource,
} from "./resolve-notation.ts";
export { selectFirstRecord, selectRecord } from "./select.ts";
