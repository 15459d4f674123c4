/** Inspects a record before it is created (helper.md section 17.1). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { checkCustomLabels } from "../build/finish-record.ts";
import { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import type { Problem } from "../errors/record-helper-error.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import { matchSlots } from "../read/match-slots.ts";
import { findFieldType } from "../types/field-type.ts";
import { type TypeRegistry, findRecordType } from "../types/registry.ts";
import { checkExpiryDates, checkPlaceholders } from "../values/impossible.ts";
import { otpauthFault } from "../values/totp-uri.ts";

/** A finding about a record: an error, which strict builds refuse, or a warning about what other clients expect. */
export interface Finding extends Problem {
  readonly severity: "error" | "warning";
}

/**
 * Inspects a record: required slots without a value, placeholders of a template, values that do not fit their field type,
 * cannot exist or are not what other clients expect, repeated labels, one-time codes that no authenticator can use.
 *
 * @returns the findings, errors first; empty when there are none. Never throws.
 * @example
 * ```ts
 * const findings = validate(record("contact", { title: "Ann", fields: { name: { first: "Ann" } } }));
 * ```
 */
export function validate(record: RecordData, options: { readonly registry?: TypeRegistry } = {}): Finding[] {
  const errors = new Problems();
  const warnings = new Problems();
  const top = new Place();
  if (!isJsonObject(record)) {
    errors.add("ERR_HELPER_ITEM_NOT_OBJECT", top, "A record must be an object.");
    return errors.list.map((problem) => ({ ...problem, severity: "error" }));
  }
  const type = findRecordType(record.type, options.registry, top.child("type"), warnings);
  if (typeof record.title !== "string" || record.title === "") {
    errors.add("ERR_HELPER_TITLE_MISSING", top.child("title"), "is missing or empty");
  }
  checkPlaceholders(record.title, top.child("title"), errors);
  checkPlaceholders(record.notes, top.child("notes"), errors);
  const fields = fieldsOf(record.fields, top.child("fields"), errors, warnings);
  const custom = fieldsOf(record.custom, top.child("custom"), errors, warnings);
  if (type) {
    const matched = matchSlots(type, fields);
    for (const slot of type.slots) {
      const value = matched.get(slot)?.["value"];
      if (slot.required !== true || (Array.isArray(value) && value.length > 0)) continue;
      errors.add("ERR_HELPER_REQUIRED_MISSING", top.child("fields"), `need a value for ${slot.key}`);
    }
  }
  checkCustomLabels(custom.map(asField), top, warnings);
  return [
    ...errors.list.map((problem) => ({ ...problem, severity: "error" as const })),
    ...warnings.list.map((problem) => ({ ...problem, severity: "warning" as const })),
  ];
}

function fieldsOf(list: unknown, place: Place, errors: Problems, warnings: Problems): JsonObject[] {
  if (!Array.isArray(list)) {
    errors.add("ERR_HELPER_FIELDS_NOT_ARRAY", place, "must be an array");
    return [];
  }
  for (const [index, field] of list.entries()) checkField(field, place.child(index), errors, warnings);
  return list.filter(isJsonObject);
}

function checkField(field: unknown, place: Place, errors: Problems, warnings: Problems): void {
  const { type: name, value } = isJsonObject(field) ? field : {};
  const type = typeof name === "string" ? findFieldType(name) : undefined;
  const at = place.child("value");
  if (!type) {
    errors.add("ERR_HELPER_FIELD_TYPE_NOT_STORABLE", place.child("type"), "is no storable field type");
    return;
  }
  if (!Array.isArray(value)) {
    errors.add("ERR_HELPER_INVALID_VALUE", at, "must be an array");
    return;
  }
  const before = errors.count;
  const stored = type.normalize(value, at, errors);
  checkPlaceholders(value, at, errors);
  for (const [index, element] of stored.entries())
    checkExpiryDates(type.spec.value, element, at.child(index), errors);
  if (errors.count > before) return;
  if (!sameJson(stored, value)) {
    warnings.add("ERR_HELPER_INVALID_VALUE", at, "is not stored the way other clients expect");
  }
  if (type.spec.multiple === "never" && value.length > 1) {
    warnings.add("ERR_HELPER_INVALID_VALUE", at, "holds several values where other clients expect one");
  }
  if (type.spec.value.kind !== "text" || type.spec.value.format !== "otpauth") return;
  for (const [index, uri] of stored.entries()) {
    const fault = otpauthFault(String(uri));
    if (fault !== undefined) warnings.add("ERR_HELPER_INVALID_FORMAT", at.child(index), fault);
  }
}

/** Whether two JSON values are the same; the order of keys does not count. */
function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, index) => sameJson(entry, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

function asField(field: JsonObject): FieldData {
  const { type, label } = field;
  return typeof label === "string" && label !== ""
    ? { type: String(type), label, value: [] }
    : { type: String(type), value: [] };
}
