/** Replaces references to addresses and cards by what they refer to (ksm-protocol section 17.5). */
import { isJsonObject } from "@ksmkit/common";
import type { NotationField, NotationRecord } from "./notation-record.ts";
import { valueList } from "./select.ts";

/** Reads records by uid, in one request for all of them. */
export type FetchByUid = (uids: readonly string[]) => Promise<readonly NotationRecord[]>;

/**
 * Which fields of the referenced record make up the value of a reference. A card refers to an address, an address
 * to nothing: no chain is longer than two, whatever the records say, so cycles cannot arise.
 */
const partsOf = /* @__PURE__ */ new Map([
  ["addressRef", ["address"]],
  ["cardRef", ["paymentCard", "text", "pinCode", "addressRef"]],
]);

/** True for fields whose values {@link inflate} can replace. */
export function isReference(field: NotationField): boolean {
  return typeof field.type === "string" && partsOf.has(field.type);
}

/**
 * Reads what a field of type `addressRef` or `cardRef` refers to: one object or value per reference. References
 * without a record, or to a record without any of the fields, are dropped. All records of a level are fetched in
 * one call, none twice, and none when there is no reference.
 */
export async function inflate(field: NotationField, fetch: FetchByUid): Promise<unknown[]> {
  const known: KnownRecords = new Map();
  let types = new Set([String(field.type)]);
  let wanted = uidsOf([field]);
  while (wanted.length > 0) {
    const fetched = await fetch(wanted);
    for (const record of fetched) if (!known.has(record.uid)) known.set(record.uid, record);
    types = new Set(
      [...types].flatMap((type) => partsOf.get(type) ?? []).filter((type) => partsOf.has(type)),
    );
    const references = fetched.flatMap((record) =>
      [...types].flatMap((type) => firstOfType(record, type) ?? []),
    );
    wanted = uidsOf(references).filter((uid) => !known.has(uid));
  }
  return assemble(field, known);
}

type KnownRecords = Map<string, NotationRecord>;

/** The values of a reference, from records already fetched. */
function assemble(reference: NotationField, known: KnownRecords): unknown[] {
  return valueList(reference.value).flatMap((uid) => {
    const record = typeof uid === "string" ? known.get(uid) : undefined;
    const parts: [unknown, NotationField][] = [];
    for (const type of partsOf.get(String(reference.type)) ?? []) {
      const field = record && firstOfType(record, type);
      if (!field) continue;
      const [value] = isReference(field) ? assemble(field, known) : valueList(field.value);
      if (value !== undefined) parts.push([value, field]);
    }
    if (parts.length < 2) return parts.map(([value]) => value);
    return [Object.fromEntries(parts.flatMap(([value, field]) => Object.entries(named(value, field))))];
  });
}

/** The value itself when it is an object, else an object with the value under the field's label or type. */
function named(value: unknown, field: NotationField): object {
  return isJsonObject(value) ? value : { [String(field.label || field.type)]: value };
}

function firstOfType(record: NotationRecord, type: string): NotationField | undefined {
  return record.fields?.find((field) => field?.type === type) ?? undefined;
}

function uidsOf(references: readonly NotationField[]): string[] {
  const uids = references.flatMap((field) => valueList(field.value)).filter((uid) => typeof uid === "string");
  return [...new Set(uids)];
}
