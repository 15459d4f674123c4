/** What a reference may look like. */

import type { ReferenceText } from "../../notation/known-references.ts";

/** Which record: its uid, or its exact title. */
export type RecordName =
  | { readonly uid: string; readonly title?: undefined }
  | { readonly title: string; readonly uid?: undefined };

/** What may be asked of a record. */
interface Selector {
  readonly field: string;
  readonly customField: string;
  readonly file: string;
  readonly all: boolean;
}

/** One selector, and none of the others. */
type Only<Wanted> = Wanted & { readonly [Other in Exclude<keyof Selector, keyof Wanted>]?: undefined };

/** A record. */
export type RecordReference = RecordName & Only<unknown>;

/** A notation as an object: also without its scheme, or packed as base64. */
export interface NotationReference {
  readonly notation: string;
}

/** Which field of a record, found as `KsmRecord.field` and `KsmRecord.customField` do: by label, then by type. */
export type FieldReference = RecordName &
  (Only<Pick<Selector, "field"> & AllValues> | Only<Pick<Selector, "customField"> & AllValues>);

interface AllValues {
  /** All values as a list instead of the first. Default: false. */
  readonly all?: boolean | undefined;
}

/** The content of a file, found by its uid, name or title. */
export type FileReference = RecordName & Only<Pick<Selector, "file">>;

/**
 * One reference.
 *
 * | reference                                   | value                                                |
 * | ------------------------------------------- | ---------------------------------------------------- |
 * | `"keeper://RECORD/field/password"`          | the text of the first value, or of the one at `[n]`  |
 * | `"keeper://RECORD/field/url[]"`             | the texts of all values as a list                    |
 * | `"keeper://RECORD/title"`, `type`, `notes`  | that text                                            |
 * | `"keeper://RECORD/file/cert.pem"`           | the content of the file, bytes                       |
 * | any other text: a uid, else a title         | the record                                           |
 * | `{ uid }`, `{ title }`                      | the record                                           |
 * | `{ uid, field: "host" }`, `customField`     | the first value as it is stored; `all: true`: a list |
 * | `{ uid, file: "cert.pem" }`                 | the content of the file, bytes                       |
 * | `{ notation: "RECORD/field/password" }`     | as the text with its scheme                          |
 *
 * Where the uid of a record is expected as text and no record has it, a record with that title will do.
 */
export type Reference = ReferenceText | NotationReference | RecordReference | FieldReference | FileReference;

/** References by the names that the caller wants the values under. */
export type References = Readonly<Record<string, Reference>>;
