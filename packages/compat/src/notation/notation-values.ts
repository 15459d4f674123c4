/** Values by Keeper Notation (ksm-protocol sections 17.2 to 17.4). */
import type { KsmFile } from "@ksmkit/core";
import {
  evaluateLegacy,
  parseNotation as parseParts,
  resolveNotation,
  selectFirstRecord,
  type NotationField,
  type NotationFile,
  type NotationRecord,
} from "@ksmkit/core/notation";
import { downloadFile } from "../client/files.ts";
import { keeperRecords } from "../client/find-by-title.ts";
import { asError } from "../client/as-error.ts";
import { readSecrets } from "../client/get-secrets.ts";
import { attachKeys, keyRing } from "../keys/key-rings.ts";
import type { KeeperFile, KeeperRecord, KeeperSecrets, SecretManagerOptions } from "../types/records.ts";
import { valueWords, withPlainErrors, withPlainErrorsAsync } from "./plain-errors.ts";

/**
 * Reads the values that a notation means, as texts; the content of a file as base64url.
 *
 * @throws `Error` that says what is wrong or missing
 * @example
 * ```ts
 * const [password] = await getNotationResults(options, "keeper://My Database/field/password");
 * ```
 */
export const getNotationResults = (options: SecretManagerOptions, notation: string): Promise<string[]> =>
  withPlainErrorsAsync(() =>
    resolveNotation(notation, {
      fetchRecords: async (uids) =>
        (await readSecrets(options, uids && { recordsFilter: [...uids] })).opened.records,
      downloadFile: (_record, file: KsmFile) =>
        downloadFile(
          attachKeys(keyRing(options.storage), {
            fileUid: file.uid,
            data: file.metadata,
            ...(file.url !== undefined && { url: file.url }),
          }),
        ),
    }),
  );

/** {@link getNotationResults} that answers every failure with an empty list and reports it to `onProblem`. */
export const tryGetNotationResults = async (
  options: SecretManagerOptions,
  notation: string,
): Promise<string[]> => {
  try {
    return await getNotationResults(options, notation);
  } catch (error) {
    options.onProblem?.(asError(error));
    return [];
  }
};

/**
 * The one value that a notation means in records that were read before: the first matching field's first value
 * unless an index says otherwise; for a file the file itself.
 *
 * @throws `Error` that says what is wrong or missing
 */
export function getValue(secrets: KeeperSecrets, notation: string): any {
  const parsed = withPlainErrors(() => parseParts(notation, { legacy: true }));
  const found = keeperRecords.first(secrets.records, parsed.record);
  const record = withPlainErrors(
    () => selectFirstRecord(found ? [notationRecord(found)] : [], parsed),
    valueWords(parsed, undefined),
  );
  const value = withPlainErrors(
    () => evaluateLegacy(record, parsed, { dialect: "javascript" }),
    valueWords(parsed, record),
  );
  return value instanceof FoundFile ? value.file : value;
}

/** A file as notation sees it, which knows whose it is. */
class FoundFile implements NotationFile {
  readonly file: KeeperFile;
  readonly uid: string;
  readonly name: string | undefined;
  readonly title: string | undefined;

  constructor(file: KeeperFile) {
    this.file = file;
    this.uid = file.fileUid;
    this.name = file.data?.name;
    this.title = file.data?.title;
  }
}

function notationRecord({ recordUid, data, files }: KeeperRecord): NotationRecord {
  return {
    uid: recordUid,
    type: data?.type,
    title: data?.title,
    notes: data?.notes,
    fields: data?.fields as NotationField[] | undefined,
    custom: data?.custom as NotationField[] | undefined,
    files: files?.map((file) => new FoundFile(file)),
  };
}
