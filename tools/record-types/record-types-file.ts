/** What the generator reads of `record-types.json`; the file's own `meta.keys` says what each key means. */

export interface SourceShape {
  kind: "string" | "enum" | "boolean" | "integer" | "epochMilliseconds" | "array" | "object";
  pattern?: string;
  patternFlags?: string;
  enum?: string;
  items?: "uid";
  itemSchemaKeys?: string[];
  knownValues?: string;
  keys?: Record<string, SourceShape>;
}

export interface SourceFieldType {
  meaning: string;
  storable: boolean;
  value: SourceShape;
  recommendedValue?: SourceShape;
  unknownKeys?: "reject" | "keep";
  opaque?: boolean;
  knownValues?: string;
  multiple?: "never" | "optional" | "always";
  maskedByOfficialCli?: boolean;
}

export interface SourceSlot {
  type: string;
  key: string;
  label?: string;
  templateLabel?: string;
  required?: boolean;
}

export interface SourceRecordType {
  name: string;
  title: string;
  source: "helper" | "other";
  note?: string;
  fields: SourceSlot[];
}

export interface RecordTypesFile {
  storableFieldTypes: string[];
  elementOnlyTypes: string[];
  retiredFieldTypes: string[];
  enums: Record<string, { enforced: boolean; values: string[] }>;
  fieldTypes: Record<string, SourceFieldType>;
  recordTypes: SourceRecordType[];
}

/** The corrected shape of a field type. */
export function shapeOf(type: SourceFieldType): SourceShape {
  return type.recommendedValue ?? type.value;
}

/** The storable field types, in the file's order. */
export function storableTypes(file: RecordTypesFile): [string, SourceFieldType][] {
  return file.storableFieldTypes.map((name) => {
    const type = file.fieldTypes[name];
    if (!type) throw new Error(`${name} is listed but not described`);
    return [name, type];
  });
}

/** Why a type is not offered like the others; `null` for those that are. */
export function standingOf(file: RecordTypesFile, type: SourceRecordType): "unverified" | "readOnly" | null {
  if (type.source === "helper") return null;
  const creatable = type.fields.every((slot) => file.storableFieldTypes.includes(slot.type));
  return creatable && !type.note?.startsWith("read only") ? "unverified" : "readOnly";
}
