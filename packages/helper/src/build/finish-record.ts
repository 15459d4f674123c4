/** The last step of every build: what only strict builds mind, then the record. */
import type { Place } from "../errors/place.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import type { RecordType } from "../types/record-type.ts";
import type { Building } from "./build-context.ts";
import { checkStrict } from "./check-strict.ts";

/** The parts of a record; what is missing has a problem to show for it. */
export interface RecordParts {
  readonly type: RecordType<string, unknown> | undefined;
  readonly title: string | undefined;
  readonly notes: string | undefined;
  readonly fields: readonly FieldData[];
  readonly custom: readonly FieldData[];
}

/** Puts a record together; `undefined` without a type or a title. */
export function finishRecord(parts: RecordParts, building: Building, place: Place): RecordData | undefined {
  const { type, title, notes, fields, custom } = parts;
  if (type && building.strict) checkStrict(type, fields, custom, place, building.problems);
  if (!type || title === undefined) return undefined;
  return notes === undefined
    ? { type: type.name, title, fields, custom }
    : { type: type.name, title, fields, custom, notes };
}
