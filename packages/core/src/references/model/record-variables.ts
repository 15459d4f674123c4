/** The fields of a record as environment variables. */
import { isJsonObject, printable } from "@ksmkit/common";
import type { KsmRecord } from "../../records/ksm-record.ts";
import { listValues, type RecordField } from "../../records/record-field.ts";
import { envName, isStandardName } from "./env-name.ts";
import type { RecordNaming } from "./env-record.ts";
import { valueText } from "./format-value.ts";

/** A variable before it is checked. */
export interface EnvCandidate {
  /** `""` when the label leaves nothing to make a name of. */
  readonly name: string;
  readonly value: string;
  /** Where the value comes from, as a person would say it. */
  readonly source: string;
  readonly recordUid: string;
  /** True when a label made the name, without a prefix, and labels are not trusted. */
  readonly isUntrustedName: boolean;
}

/**
 * Every field that has a value, standard fields first: named by its label, else by its type. A single value as
 * text, several as a JSON list. Fields that list files are left out, as are title and notes.
 *
 * @param mapped - fields that have a variable already
 */
export function recordVariables(
  record: KsmRecord,
  { prefix, trustLabels, skip }: RecordNaming,
  mapped: ReadonlySet<object>,
): EnvCandidate[] {
  return [...record.fields, ...record.custom].flatMap((field) => {
    const values = listValues(field.value).filter((value) => !isEmpty(value));
    const label = labelOf(field);
    if (values.length === 0 || field.type === "fileRef") return [];
    if (mapped.has(field) || skip.includes(label)) return [];
    const name = envName(label, prefix);
    return {
      name,
      value: valueText(values.length === 1 ? values[0] : values),
      source: printable(`field "${label}" of record "${record.title ?? record.uid}"`),
      recordUid: record.uid,
      isUntrustedName: prefix === "" && !trustLabels && !isStandardName(name),
    };
  });
}

function labelOf({ label, type }: RecordField): string {
  if (typeof label === "string" && label !== "") return label;
  return typeof type === "string" ? type : "";
}

function isEmpty(value: unknown): boolean {
  if (isJsonObject(value)) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || value === "";
}
