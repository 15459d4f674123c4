/** From a notation to its value: which records to read, in which order, and what to make of them. */
import { CodedError, encodeBase64Url } from "@ksmkit/common";
import { isUid } from "../generators/uid.ts";
import {
  checkLegacyNotation,
  evaluateLegacy,
  legacyField,
  legacyValue,
  type DialectOptions,
} from "./evaluate-legacy.ts";
import { evaluateStrict, firstText } from "./evaluate-strict.ts";
import { inflate, isReference } from "./inflate.ts";
import type { FileOf, NotationRecord } from "./notation-record.ts";
import { parseNotation, type ParsedNotation } from "./parse-notation.ts";
import { findByUid, selectFirstRecord, selectRecord } from "./select.ts";

/** Where the records come from. */
export interface NotationSource<R extends NotationRecord = NotationRecord> {
  /** Reads the records with the given uids, or all records. Unknown uids are left out. */
  fetchRecords(uids?: readonly string[]): Promise<readonly R[]>;
  /** Reads the content of a file. */
  downloadFile(record: R, file: FileOf<R>): Promise<Uint8Array>;
}

/** Options of {@link resolveLegacyNotation}. */
export interface LegacyNotationOptions extends DialectOptions {
  /**
   * Replaces the uids in `addressRef` and `cardRef` fields by the address or card that they refer to. Default: true in
   * the Python dialect, false in the JavaScript one.
   */
  inflateReferences?: boolean | undefined;
}

/**
 * Resolves a notation to a list of texts; the content of a file comes as base64url. A uid costs one request for
 * that record; everything is read only for a title, or when no record has the uid.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_*`, and whatever the source throws.
 */
export async function resolveNotation<R extends NotationRecord>(
  notation: string,
  source: NotationSource<R>,
): Promise<string[]> {
  const parsed = parseNotation(notation);
  const record = await fetchRecord(parsed, source, selectRecord);
  const { file, values } = evaluateStrict(record, parsed);
  return values ?? [encodeBase64Url(await source.downloadFile(record, file))];
}

/**
 * Resolves a notation to one text: the first, where there are several. The content of a file comes as base64url.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_*`, {@link RecordError} `ERR_KSM_FIELD_EMPTY` when there is no value,
 *   and whatever the source throws.
 */
export async function resolveNotationText<R extends NotationRecord>(
  notation: string,
  source: NotationSource<R>,
): Promise<string> {
  const parsed = parseNotation(notation);
  const record = await fetchRecord(parsed, source, selectRecord);
  const { file, values } = evaluateStrict(record, parsed);
  if (values) return firstText(record, parsed, values);
  return encodeBase64Url(await source.downloadFile(record, file));
}

/** {@link resolveNotation}, with every failure of ours handed to `onError` and answered by an empty list. */
export async function tryResolveNotation<R extends NotationRecord>(
  notation: string,
  source: NotationSource<R>,
  onError: (error: CodedError) => void,
): Promise<string[]> {
  try {
    return await resolveNotation(notation, source);
  } catch (error) {
    if (!CodedError.isInstance(error)) throw error;
    onError(error);
    return [];
  }
}

/**
 * Resolves a notation to one value of any type; see {@link evaluateLegacy}. Reads records as {@link resolveNotation}
 * does. For `file` that is the content, bytes. In the JavaScript dialect it is the file itself, and the first of several
 * records that have the title counts.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_*`, and whatever the source throws.
 */
export async function resolveLegacyNotation<R extends NotationRecord>(
  notation: string,
  source: NotationSource<R>,
  options: LegacyNotationOptions = {},
): Promise<unknown> {
  const { dialect = "python", inflateReferences = dialect === "python" } = options;
  const parsed = parseNotation(notation, { legacy: true });
  checkLegacyNotation(parsed, dialect);
  const record = await fetchRecord(parsed, source, dialect === "python" ? selectRecord : selectFirstRecord);
  if (parsed.selector === "file" && dialect === "python") {
    const { file } = evaluateStrict(record, parsed);
    if (file) return source.downloadFile(record, file);
  }
  if (inflateReferences && parsed.selector.endsWith("field")) {
    const field = legacyField(record, parsed, dialect);
    if (isReference(field)) {
      const values = await inflate(field, (uids) => source.fetchRecords(uids));
      return legacyValue(values, parsed, dialect);
    }
  }
  return evaluateLegacy(record, parsed, { dialect });
}

async function fetchRecord<R extends NotationRecord>(
  parsed: ParsedNotation,
  source: Pick<NotationSource<R>, "fetchRecords">,
  select: (records: readonly R[], parsed: ParsedNotation) => R,
): Promise<R> {
  const { record: token } = parsed;
  const byUid = isUid(token) ? findByUid(await source.fetchRecords([token]), token) : undefined;
  return byUid ?? select(await source.fetchRecords(), parsed);
}
