/** The tables of field types, enumerations and record types against `record-types.json`. One case for each entry. */
import assert from "node:assert/strict";
import type { SlotSpec, ValueSpec } from "../../../src/model/value-spec.ts";
import { elementOnlyTypes, fieldTypeTable } from "../../../src/tables/field-type-table.ts";
import { enumTable } from "../../../src/tables/enum-table.ts";
import { recordTypeTable } from "../../../src/tables/record-type-table.ts";
import { Place } from "../../../src/errors/place.ts";
import { Problems } from "../../../src/errors/problems.ts";
import { fieldTypeNames, findFieldType } from "../../../src/types/field-type.ts";
import { recordTypeNames } from "../../../src/types/registry.ts";
import { standardTypes } from "../../../src/types/standard-types.ts";
import type { VectorSuite } from "./vector-suite.ts";

interface Shape {
  kind: string;
  pattern?: string;
  enum?: string;
  items?: string;
  knownValues?: string;
  keys?: Record<string, Shape>;
}

interface FieldTypeEntry {
  storable: boolean;
  value: Shape;
  recommendedValue?: Shape;
  unknownKeys?: string;
  opaque?: boolean;
  maskedByOfficialCli?: boolean;
  knownValues?: string;
  multiple?: string;
  example?: unknown[];
}

interface RecordTypeEntry {
  name: string;
  title: string;
  source: string;
  // `allowMultiple` only changes templates, and the official ones do not honour it for standard types.
  fields: (SlotSpec & { allowMultiple?: boolean })[];
}

interface RecordTypesFile {
  storableFieldTypes: string[];
  elementOnlyTypes: string[];
  enums: Record<string, { enforced: boolean; values: string[] }>;
  fieldTypes: Record<string, FieldTypeEntry>;
  recordTypes: RecordTypeEntry[];
}

const formats: Record<string, string> = {
  uid: "^[A-Za-z0-9_-]{22}$",
  otpauth: "^otpauth://",
  cardExpiry: "^[0-9]{2}/[0-9]{4}$",
};
const kinds: Record<string, string> = { text: "string", date: "epochMilliseconds", list: "array" };

export const suite: VectorSuite = {
  file: "record-types.json",
  cases(file) {
    const { enums, fieldTypes, recordTypes } = file as RecordTypesFile;
    return [
      { id: "lists" },
      ...Object.keys(enums).map((name) => ({ id: `enum:${name}` })),
      ...Object.keys(fieldTypes).map((name) => ({ id: `field:${name}` })),
      ...recordTypes.map(({ name }) => ({ id: `record:${name}` })),
    ];
  },
  async run(vectorCase, file) {
    const { id } = vectorCase as { id: string };
    const [group = "", name = ""] = id.split(":");
    const check = checks[group];
    assert.ok(check, `unknown group ${group}`);
    check(name, file as RecordTypesFile);
  },
};

const checks: Record<string, (name: string, file: RecordTypesFile) => void> = {
  lists(_, file) {
    assert.deepEqual(fieldTypeNames(), file.storableFieldTypes);
    assert.deepEqual(elementOnlyTypes.toSorted(), file.elementOnlyTypes.toSorted());
    assert.deepEqual(Object.keys(enumTable()).toSorted(), Object.keys(file.enums).toSorted());
    const standard = file.recordTypes.filter(({ source }) => source === "helper");
    assert.deepEqual(
      recordTypeNames(),
      standard.map((type) => type.name),
    );
    assert.deepEqual(
      [...standardTypes().keys()].toSorted(),
      file.recordTypes.map((type) => type.name).toSorted(),
    );
  },
  enum(name, file) {
    const table: Readonly<Record<string, readonly string[]>> = enumTable();
    const entry = file.enums[name];
    assert.deepEqual(table[name], entry?.values);
    // Enforced ones, and only they, are refused when they hold anything else.
    assert.equal(JSON.stringify(fieldTypeTable()).includes(`"of":"${name}"`), entry?.enforced === true);
  },
  field(name, file) {
    const entry = file.fieldTypes[name];
    assert.ok(entry);
    const type = findFieldType(name);
    assert.equal(type !== undefined, entry.storable);
    if (!type) {
      assert.ok(elementOnlyTypes.includes(name));
      return;
    }
    const { spec, normalize } = type;
    assert.equal(spec.multiple, entry.multiple);
    assert.equal(spec.opaque ?? false, entry.opaque ?? false);
    assert.equal(spec.masked ?? false, entry.maskedByOfficialCli ?? false);
    const shape = { ...(entry.recommendedValue ?? entry.value) };
    if (entry.knownValues !== undefined) shape.knownValues = entry.knownValues;
    compareShape(spec.value, shape, entry.unknownKeys === "keep");
    const problems = new Problems();
    assert.deepEqual(normalize(entry.example, new Place(), problems), entry.example, "the example is kept as it is");
    assert.deepEqual(problems.list, []);
  },
  record(name, file) {
    const entry = file.recordTypes.find((type) => type.name === name);
    const row = recordTypeTable().find((type) => type.name === name);
    const type = standardTypes().get(name);
    assert.ok(entry && row && type);
    assert.equal(row.title, entry.title);
    assert.equal(row.standing === undefined, entry.source === "helper");
    assert.deepEqual(
      type.slots.map((slot) => [slot.type.name, slot.key, slot.label, slot.templateLabel, slot.required]),
      entry.fields.map((slot) => [slot.type, slot.key, slot.label, slot.templateLabel, slot.required]),
    );
    assert.equal(new Set(type.slots.map(({ key }) => key)).size, type.slots.length, "keys are unique");
  },
};

function compareShape(spec: ValueSpec, shape: Shape, open: boolean): void {
  assert.equal(kinds[spec.kind] ?? spec.kind, shape.kind);
  if (spec.kind === "text") {
    assert.equal(spec.format === undefined ? undefined : formats[spec.format], shape.pattern);
    assert.equal(spec.known, shape.knownValues);
  }
  if (spec.kind === "enum") assert.equal(spec.of, shape.enum);
  if (spec.kind === "list") assert.equal(spec.of === "uid" ? "uid" : undefined, shape.items);
  if (spec.kind !== "object") return;
  assert.equal(spec.open, open);
  assert.deepEqual(Object.keys(spec.keys), Object.keys(shape.keys ?? {}), "keys in order");
  for (const [key, value] of Object.entries(shape.keys ?? {})) {
    compareShape(spec.keys[key] ?? { kind: "text" }, value, open);
  }
}
