/** Writes fields the way the vault does: no blank label, no false flag (helper.md section 1). */
import type { FieldData } from "../model/record-data.ts";
import type { Slot } from "../types/slot.ts";
import type { Building } from "./build-context.ts";

/** Writes the field of a slot. A label of the caller's own stands in for one that the slot does not have. */
export function emitSlot(
  slot: Slot,
  value: readonly unknown[],
  building: Building,
  callerLabel?: string,
): FieldData {
  const label = callerLabel ?? slot.labelIn(building.labelStyle);
  const type = slot.type.name;
  const field: Draft = label === undefined ? { type, value } : { type, label, value };
  if (slot.required === true) field.required = true;
  if (slot.privacyScreen === true) field.privacyScreen = true;
  return field;
}

interface Draft {
  type: string;
  value: readonly unknown[];
  label?: string;
  required?: boolean;
  privacyScreen?: boolean;
}
