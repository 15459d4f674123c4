/** The record types of the generated table. */
import type { RecordTypeSpec, SlotSpec } from "../model/value-spec.ts";
import { lazy } from "../tables/lazy.ts";
import { recordTypeTable } from "../tables/record-type-table.ts";
import { compileFieldType } from "../values/compile-field-type.ts";
import { findFieldType, type FieldType } from "./field-type.ts";
import { RecordType } from "./record-type.ts";
import { Slot } from "./slot.ts";

const types = /* @__PURE__ */ lazy(
  (): ReadonlyMap<string, RecordType> => new Map(recordTypeTable().map((spec) => [spec.name, typeOf(spec)])),
);

/** The record types of the table by name, in its order. */
export function standardTypes(): ReadonlyMap<string, RecordType> {
  return types();
}

function typeOf({ name, title, slots, standing }: RecordTypeSpec): RecordType {
  return new RecordType(name, slots.map(slotOf), { title, standing: standing ?? "standard" });
}

function slotOf(spec: SlotSpec): Slot {
  const type = findFieldType(spec.type) ?? textType(spec.type);
  return new Slot({ ...spec, type, key: spec.key ?? spec.templateLabel ?? spec.type });
}

/** Types that are only read may have fields of types that cannot be stored; they hold text. */
function textType(name: string): FieldType {
  const spec = { value: { kind: "text" }, multiple: "optional", meaning: "text", opaque: true } as const;
  return { name, spec, normalize: compileFieldType(spec) };
}
