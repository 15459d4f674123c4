/** A record from entries, as field arguments and record files give them. */
import type { Place } from "../errors/place.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import type { RecordType } from "../types/record-type.ts";
import { assignSlots, type Entry } from "./assign-slots.ts";
import type { Building } from "./build-context.ts";
import { requireFieldType } from "./custom-field.ts";
import { emitSlot } from "./emit-field.ts";
import { finishRecord } from "./finish-record.ts";
import { fieldElements } from "./stored-field.ts";

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
export function buildRecord(source: RecordSource, building: Building): RecordData | undefined {
  const { type, title, notes, place } = source;
  const { problems } = building;
  const filled = type ? assignSlots(type, source.standard, problems) : [];
  const customTypes = source.custom.map((entry) => ({
    entry,
    fieldType: requireFieldType(entry.type, entry.place, problems),
  }));
  const fields = filled.map(({ slot, entry, callerLabel }) => {
    const value = fieldElements(slot, entry?.value, entry?.valuePlace ?? place, building);
    return emitSlot(slot, value, building, callerLabel);
  });
  const custom = customTypes.flatMap(({ entry, fieldType }): FieldData[] => {
    if (!fieldType) return [];
    const value = fieldElements({ type: fieldType }, entry.value, entry.valuePlace, building);
    const { name } = fieldType;
    return [entry.label === undefined ? { type: name, value } : { type: name, label: entry.label, value }];
  });
  return finishRecord({ type, title, notes, fields, custom }, building, place);
}
