/** A record from entries, as field arguments and record files give them. */
import type { Place } from "../errors/place.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import type { RecordType } from "../types/record-type.ts";
import { assignSlots, type Entry } from "./assign-slots.ts";
import type { BuildContext } from "./build-context.ts";
import { emitSlot, fieldElements } from "./stored-field.ts";
import { finishRecord } from "./finish-record.ts";
import { requireFieldType } from "../types/field-type.ts";

/** What a record is made of, before slots are assigned and values checked. */
export interface RecordSource {
  readonly type: RecordType<string, unknown> | undefined;
  readonly title: string | undefined;
  readonly notes: string | undefined;
  readonly standard: readonly Entry[];
  readonly custom: readonly Entry[];
  /** Where the record stands in the input. */
  readonly place: Place;
}

/** Builds the record; `undefined` when it has no type or title. What is wrong is among the problems. */
export function buildRecord(source: RecordSource, context: BuildContext): RecordData | undefined {
  const { type, title, notes, place } = source;
  const { problems } = context;
  const filled = type ? assignSlots(type, source.standard, problems) : [];
  const customTypes = source.custom.map((entry) => ({
    entry,
    fieldType: requireFieldType(entry.type, entry.place, problems),
  }));
  const fields = filled.map(({ slot, entry, callerLabel }) => {
    const value = fieldElements(slot, entry?.value, entry?.valuePlace ?? place, context);
    return emitSlot(slot, value, context, callerLabel);
  });
  const custom = customTypes.flatMap(({ entry, fieldType }): FieldData[] => {
    if (!fieldType) return [];
    const value = fieldElements({ type: fieldType }, entry.value, entry.valuePlace, context);
    const { name } = fieldType;
    return [entry.label === undefined ? { type: name, value } : { type: name, label: entry.label, value }];
  });
  return finishRecord({ type, title, notes, fields, custom }, context, place);
}
