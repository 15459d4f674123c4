/** The last step of every build: the checks of strict builds, then the record. */
import type { Place } from "../errors/place.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import type { RecordType } from "../types/record-type.ts";
import { checkPlaceholders } from "../values/impossible.ts";
import type { BuildContext } from "./build-context.ts";
import type { Problems } from "../errors/problems.ts";

/** The parts of a record; what is missing has a problem to show for it. */
export interface RecordParts {
  readonly type: RecordType<string, unknown> | undefined;
  readonly title: string | undefined;
  readonly notes: string | undefined;
  readonly fields: readonly FieldData[];
  readonly custom: readonly FieldData[];
}

/** Puts a record together; `undefined` without a type or a title. */
export function finishRecord(
  parts: RecordParts,
  context: BuildContext,
  place: Place,
): RecordData | undefined {
  const { type, title, notes, fields, custom } = parts;
  if (context.strict) {
    checkPlaceholders(title, place.child("title"), context.problems);
    checkPlaceholders(notes, place.child("notes"), context.problems);
    if (type) checkStrict(type, fields, custom, place, context.problems);
  }
  if (!type || title === undefined) return undefined;
  return notes === undefined
    ? { type: type.name, title, fields, custom }
    : { type: type.name, title, fields, custom, notes };
}

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

/** Reports custom fields that cannot be distinguished: the same type under the same label. */
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
