/** What only strict builds and {@link validate} mind: required slots without a value, labels that stand twice. */
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { FieldData } from "../model/record-data.ts";
import type { RecordType } from "../types/record-type.ts";

/** Checks a record whose fields stand in the order of the type's slots. */
export function checkStrict(
  type: RecordType<string, unknown>,
  fields: readonly FieldData[],
  custom: readonly FieldData[],
  place: Place,
  problems: Problems,
): void {
  for (const [index, slot] of type.slots.entries()) {
    if (slot.required !== true || (fields[index]?.value.length ?? 0) > 0) continue;
    problems.add("ERR_HELPER_REQUIRED_MISSING", place.child("fields"), `need a value for ${slot.key}`);
  }
  checkCustomLabels(custom, place, problems);
}

/** Notes custom fields that nobody can tell apart: the same type under the same label. */
export function checkCustomLabels(custom: readonly FieldData[], place: Place, problems: Problems): void {
  const seen = new Set<string>();
  for (const [index, { type, label }] of custom.entries()) {
    if (label === undefined) continue;
    const key = `${type}\n${label}`;
    if (seen.has(key)) {
      const at = place.child("custom").child(index);
      problems.add("ERR_HELPER_FIELD_NOT_UNIQUE", at, "repeats the type and label of a field before it");
    }
    seen.add(key);
  }
}
