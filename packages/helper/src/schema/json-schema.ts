/** JSON Schema (draft 2020-12) of every record type, standard and custom. */
import { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import type { ValueSpec } from "../model/value-spec.ts";
import { enumValues } from "../tables/tables.ts";
import { fieldTypeNames, findFieldType, type FieldType } from "../types/field-type.ts";
import { type TypeRegistry, findRecordType } from "../types/registry.ts";
import type { LabelStyle } from "../types/labels.ts";
import { RecordType } from "../types/record-type.ts";
import type { Slot } from "../types/slot.ts";

/** A JSON Schema. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Options of {@link recordJsonSchema}. */
export interface JsonSchemaOptions {
  /**
   * What is described: `record`, the stored record as {@link record} returns it; or `input`, what it takes, dates as
   * text or milliseconds. Default: `record`.
   */
  readonly of?: "record" | "input" | undefined;
  /** Where custom record types are looked up by name. Default: none but the standard ones. */
  readonly registry?: TypeRegistry | undefined;
  /** Which labels the record has. Default: `template`. */
  readonly labelStyle?: LabelStyle | undefined;
}

const dialect = "https://json-schema.org/draft/2020-12/schema";
const patterns = {
  uid: "^[A-Za-z0-9_-]{22}$",
  otpauth: "^[oO][tT][pP][aA][uU][tT][hH]://",
  cardExpiry: "^(?:0[1-9]|1[0-2])/(?!0000)[0-9]{4}$",
};
const text: JsonSchema = { type: "string" };

/**
 * Makes the JSON Schema of a record type.
 *
 * It describes records that this package makes. Records found in a vault may be older than their type: read those with
 * {@link readRecord} instead of checking them.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_RECORD_TYPE_UNKNOWN`, `ERR_HELPER_RECORD_TYPE_MISSING`
 * @example
 * ```ts
 * recordJsonSchema("login", { of: "input" });
 * ```
 */
export function recordJsonSchema(
  type: string | RecordType<string, unknown>,
  options: JsonSchemaOptions = {},
): JsonSchema {
  const problems = new Problems();
  const found =
    type instanceof RecordType ? type : findRecordType(type, options.registry, new Place("type"), problems);
  const recordType = problems.unlessAny(found);
  const head = { $schema: dialect, title: recordType.title, type: "object" };
  const title = { type: "string", minLength: 1 };
  const custom = { type: "array", items: { anyOf: customFieldSchemas() } };
  if (options.of === "input") {
    const fields = inputFields(recordType);
    const needed = recordType.slots.some((slot) => slot.required === true);
    return {
      ...head,
      properties: { title, notes: text, fields, custom },
      required: needed ? ["title", "fields"] : ["title"],
      additionalProperties: false,
    };
  }
  const style = options.labelStyle ?? "template";
  const fields = {
    type: "array",
    prefixItems: recordType.slots.map((slot) => slotSchema(slot, style)),
    items: false,
  };
  return {
    ...head,
    properties: {
      type: { const: recordType.name },
      title,
      fields,
      custom,
      notes: { type: "string", minLength: 1 },
    },
    required: ["type", "title", "fields", "custom"],
    additionalProperties: false,
  };
}

function inputFields({ slots }: RecordType<string, unknown>): JsonSchema {
  const properties = slots.map((slot): [string, JsonSchema] => {
    const one = describe(valueSchema(slot.type.spec.value, "input"), slot.type);
    const many = { type: "array", items: one };
    return [slot.key, slot.type.spec.multiple === "never" ? one : { anyOf: [one, many] }];
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: slots.filter((slot) => slot.required === true).map(({ key }) => key),
    additionalProperties: false,
  };
}

/** A stored field is required by the vault's rules only, so its value may be empty. */
function slotSchema(slot: Slot, style: LabelStyle): JsonSchema {
  const label = slot.labelIn(style);
  return {
    type: "object",
    properties: {
      type: { const: slot.type.name },
      // A slot without a display label may carry the caller's.
      label: slot.label === undefined || label === undefined ? text : { const: label },
      value: elements(slot.type),
      required: { type: "boolean" },
      privacyScreen: { type: "boolean" },
    },
    required: slot.label === undefined ? ["type", "value"] : ["type", "label", "value"],
    additionalProperties: false,
  };
}

function customFieldSchemas(): JsonSchema[] {
  return fieldTypeNames().flatMap((name) => {
    const type = findFieldType(name);
    return type
      ? [
          {
            type: "object",
            properties: { type: { const: name }, value: elements(type), label: text },
            required: ["type", "value"],
          },
        ]
      : [];
  });
}

function elements(type: FieldType): JsonSchema {
  return { type: "array", items: describe(valueSchema(type.spec.value, "record"), type) };
}

function describe(schema: JsonSchema, { spec }: FieldType): JsonSchema {
  return { ...schema, description: spec.meaning, ...(spec.masked && { writeOnly: true }) };
}

function valueSchema(spec: ValueSpec, of: "record" | "input"): JsonSchema {
  switch (spec.kind) {
    case "text":
      return {
        ...text,
        ...(spec.format && { pattern: patterns[spec.format] }),
        ...(spec.known && { examples: enumValues(spec.known) }),
      };
    case "enum":
      return { enum: enumValues(spec.of) };
    case "boolean":
      return { type: "boolean" };
    case "integer":
      return { type: "integer" };
    case "date":
      return of === "record" ? { type: "integer" } : { type: ["integer", "string"] };
    case "list":
      return { type: "array", items: spec.of === "uid" ? { ...text, pattern: patterns.uid } : text };
    default:
      return {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(spec.keys).map(([key, value]) => [key, valueSchema(value, of)]),
        ),
        additionalProperties: spec.open,
        ...(of === "record" && { minProperties: 1 }),
      };
  }
}
