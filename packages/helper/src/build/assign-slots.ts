/** Which standard value goes into which slot (helper.md section 6.4; rule R7). */
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { RecordType } from "../types/record-type.ts";
import type { Slot } from "../types/slot.ts";

/** A value for the standard section. */
export interface Entry {
  /** Field type as the input names it; may be anything. */
  readonly type: unknown;
  readonly label: string | undefined;
  readonly value: unknown;
  /** Where the entry stands. */
  readonly place: Place;
  /** Where its value stands. */
  readonly valuePlace: Place;
}

/** A slot and what goes into it. */
export interface FilledSlot {
  readonly slot: Slot;
  readonly entry?: Entry;
  /** A label of the caller's own, for a slot without one. */
  readonly callerLabel?: string | undefined;
}

/**
 * Assigns entries to the slots of a type: those with a label first, to the slot that it means or else to one without
 * a display label; then the others in order, each to the first free slot of its type.
 */
export function assignSlots(
  type: RecordType<string, unknown>,
  entries: readonly Entry[],
  problems: Problems,
): FilledSlot[] {
  const taken = new Map<Slot, FilledSlot>();
  const isFree = (slot: Slot, entry: Entry): boolean => slot.type.name === entry.type && !taken.has(slot);
  for (const entry of [...entries.filter(isLabelled), ...entries.filter((entry) => !isLabelled(entry))]) {
    const { label } = entry;
    const meant =
      label !== undefined && type.slots.find((slot) => isFree(slot, entry) && slot.isLabelled(label));
    const other = type.slots.find(
      (slot) => isFree(slot, entry) && (label === undefined || slot.label === undefined),
    );
    const slot = meant || other;
    if (slot) taken.set(slot, { slot, entry, callerLabel: meant ? undefined : label });
    else problems.add("ERR_HELPER_NO_STANDARD_SLOT", entry.place, noSlotText(type, entry));
  }
  return type.slots.map((slot) => taken.get(slot) ?? { slot });
}

function isLabelled({ label }: Entry): boolean {
  return label !== undefined;
}

function noSlotText(type: RecordType<string, unknown>, entry: Entry): string {
  const same = type.slots.filter((slot) => slot.type.name === entry.type);
  if (same.length === 0) return `${type.name} has no standard field of this type; use a custom field`;
  const labels = same
    .map(({ label, templateLabel }) => label ?? templateLabel)
    .filter((label) => label !== undefined);
  return entry.label !== undefined && labels.length > 0
    ? `${type.name} has no free field of this type and label; its labels are ${labels.join(", ")}`
    : `${type.name} has no free field of this type left`;
}
