/** What the typed builder takes. */
import type { FieldData } from "../model/record-data.ts";

/** What every record has besides its slots. */
export interface RecordBase {
  /** Title; not empty. */
  readonly title: string;
  /** Notes; left out when empty. */
  readonly notes?: string | undefined;
  /** Fields beyond the record type, made by {@link field}. */
  readonly custom?: readonly FieldData[] | undefined;
}

/** Input of {@link record}: `fields` may be left out when no slot is required. */
export type RecordInput<Fields> = RecordBase &
  (object extends Fields ? { readonly fields?: Fields | undefined } : { readonly fields: Fields });
