/** Finding and changing fields in the JSON of a record (ksm-protocol sections 18.1 and 18.3). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { ArgumentError } from "../errors/errors.ts";

/** The list of standard fields, or the one of fields added by users. */
export type FieldList = "fields" | "custom";

/**
 * A field as stored. Unknown keys are kept. What the keys hold was written by others, so nothing is
 * promised about its type.
 */
export interface RecordField extends JsonObject {
  type?: unknown;
  label?: unknown;
  /** A list by convention, also for a single value. */
  value?: unknown;
}

/** A field to be added. */
export interface NewField extends JsonObject {
  /** Field type (`text`, `host`, …); see {@link FieldValueMap} for the known ones. */
  type: string;
  label?: string;
  /** The values; a lone value becomes a list of one, nothing an empty list. */
  value?: unknown;
}

/** The entries that are objects; the stored list itself when all of them are. */
export function listFields(data: JsonObject, list: FieldList): RecordField[] {
  const stored = data[list];
  if (!Array.isArray(stored)) return [];
  return stored.every(isJsonObject) ? stored : stored.filter(isJsonObject);
}

/** The first field with that label (same case), else the first of that type (any case). */
export function findField(data: JsonObject, list: FieldList, key: string): RecordField | undefined {
  const fields = listFields(data, list);
  const type = key.toLowerCase();
  return (
    fields.find((field) => field.label === key) ??
    fields.find((field) => typeof field.type === "string" && field.type.toLowerCase() === type)
  );
}

/** The first field with that label (same case) and that type (any case); a field without label has the label "". */
export function findTypedField(
  data: JsonObject,
  list: FieldList,
  label: string,
  type: string,
): RecordField | undefined {
  const wanted = type.toLowerCase();
  return listFields(data, list).find(
    (field) =>
      (field.label ?? "") === label && typeof field.type === "string" && field.type.toLowerCase() === wanted,
  );
}

/** A list as it is; a lone value as a list of one; nothing as an empty list. */
export function listValues(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/**
 * Appends a field to the record, creating the list where it is missing.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` without a field type.
 */
export function appendField(data: JsonObject, list: FieldList, field: NewField): void {
  if (!isJsonObject(field) || typeof field.type !== "string" || field.type === "") {
    throw new ArgumentError("A field to add needs a type, for example `text`.");
  }
  const added = { ...field, value: listValues(field.value) };
  const stored = data[list];
  if (Array.isArray(stored)) stored.push(added);
  else data[list] = [added];
}
