/** What a record to be created must hold (ksm-protocol sections 18.1 and 18.4). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { ArgumentError } from "../errors/errors.ts";
import { appendField, type FieldList, type NewField } from "./record-field.ts";

/** A record to be created. Further members are stored as they are. */
export interface NewRecord extends JsonObject {
  /** Record type, for example `login`; types of one's own are allowed. */
  type: string;
  /** Title, not empty. */
  title: string;
  /** Standard fields, in the order of the record type. */
  fields: readonly NewField[];
  /** Fields added by users. Default: none, which is stored as an empty list. */
  custom?: readonly NewField[] | undefined;
  notes?: string | undefined;
}

/**
 * Checks a new record and returns its document: a copy in which the value of every field is a list. Type names
 * are not checked: the service takes any.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function newDocument(record: NewRecord): JsonObject {
  if (!isJsonObject(record))
    throw new ArgumentError("A record to create needs an object with type, title and fields.");
  for (const key of ["type", "title"] as const) {
    if (typeof record[key] !== "string" || record[key].trim() === "")
      throw new ArgumentError(`A record to create needs a ${key}.`);
  }
  if (!Array.isArray(record.fields))
    throw new ArgumentError("A record to create needs a list of fields, which may be empty.");
  const document: JsonObject = { ...record };
  for (const list of ["fields", "custom"] satisfies FieldList[]) {
    // Other clients expect both lists, also in a record without custom fields.
    const given = record[list] ?? [];
    if (!Array.isArray(given)) throw new ArgumentError(`A record to create needs ${list} as a list.`);
    document[list] = [];
    for (const field of given) appendField(document, list, field);
  }
  return document;
}
