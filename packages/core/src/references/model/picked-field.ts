/** Which field of its record a reference is about. */
import { matchFields } from "../../notation/select-field.ts";
import type { KsmRecord } from "../../records/ksm-record.ts";
import { findField } from "../../records/record-field.ts";
import type { Target } from "./parse-reference.ts";

/** The field, as it is stored, that a value or a part of one comes from; `undefined` for anything else. */
export function pickedField(record: KsmRecord, target: Target): object | undefined {
  if (target.kind === "field") {
    return findField(record.data, target.list === "field" ? "fields" : "custom", target.key);
  }
  if (target.kind !== "notation" || !target.notation.selector.endsWith("field")) return undefined;
  return matchFields(record, target.notation)[0];
}
