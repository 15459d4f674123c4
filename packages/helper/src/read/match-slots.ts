/** Which stored field is which slot of the record type (helper.md section 17.3). */
import type { JsonObject } from "@ksmkit/common";
import type { RecordType } from "../types/record-type.ts";
import type { Slot } from "../types/slot.ts";

/**
 * Matches the standard fields of a record with the slots of its type: first by label in either spelling, then the
 * remaining slots, in order, with the remaining fields of their type, those without a label first.
 */
export function matchSlots(
  type: RecordType<string, unknown>,
  fields: readonly JsonObject[],
): Map<Slot, JsonObject> {
  const matched = new Map<Slot, JsonObject>();
  const free = new Set(fields);
  const take = (slot: Slot, accept: (label: string | undefined) => boolean): void => {
    if (matched.has(slot)) return;
    for (const field of free) {
      if (field["type"] !== slot.type.name || !accept(labelOf(field))) continue;
      matched.set(slot, field);
      free.delete(field);
      return;
    }
  };
  for (const slot of type.slots) take(slot, (label) => label !== undefined && slot.isLabelled(label));
  for (const slot of type.slots) take(slot, (label) => label === undefined);
  // A slot without a label of its own may carry the caller's, or its type as Commander writes it.
  for (const slot of type.slots) if (slot.label === undefined) take(slot, () => true);
  return matched;
}

/** The label of a stored field; `undefined` when it has none. */
export function labelOf(field: JsonObject): string | undefined {
  const label = field["label"];
  return typeof label === "string" && label !== "" ? label : undefined;
}
