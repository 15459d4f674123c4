/** Templates: record files to fill in (helper.md section 12; vectors `template-*`, `field-schema-*`). */
import { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import type { ValueSpec } from "../model/value-spec.ts";
import { defaultComplexity, type StoredComplexity } from "../password/complexity.ts";
import { enumValues } from "../tables/tables.ts";
import { type FieldType, requireFieldType } from "../types/field-type.ts";
import { type TypeRegistry, findRecordType } from "../types/registry.ts";
import { placeholder } from "../values/impossible.ts";
import type { LabelStyle } from "../types/labels.ts";

/** Options of templates. */
export interface TemplateOptions {
  /** Title. Default: a placeholder. */
  readonly title?: string | undefined;
  /** Notes. Default: a placeholder. */
  readonly notes?: string | undefined;
  /** Where custom record types are looked up. Default: none but the standard ones. */
  readonly registry?: TypeRegistry | undefined;
  /** Which label of a slot is written. Default: `template`. */
  readonly labelStyle?: LabelStyle | undefined;
}

/** A value to fill in: a placeholder text, or an object or list of them. */
export type TemplateValue = string | readonly TemplateValue[] | { readonly [key: string]: TemplateValue };

/** A field of a template. */
export interface FieldTemplate {
  readonly type: string;
  readonly label?: string;
  readonly value: TemplateValue;
  readonly privacyScreen: boolean;
  readonly enforceGeneration?: boolean;
  readonly complexity?: StoredComplexity;
}

/** A template: a record file with one record. */
export interface RecordTemplate {
  readonly version: "v3";
  readonly kind: "KeeperRecord";
  readonly data: readonly [
    {
      readonly recordType: string;
      readonly title: string;
      readonly notes: string;
      readonly fields: readonly FieldTemplate[];
    },
  ];
}

/**
 * Makes the template of a record type as data; {@link printTemplate} prints it. Values to fill in are
 * `<#ADD: …>`.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_RECORD_TYPE_UNKNOWN`, `ERR_HELPER_RECORD_TYPE_MISSING`
 */
export function recordTemplate(type: string, options: TemplateOptions = {}): RecordTemplate {
  const problems = new Problems();
  const { registry, labelStyle = "template" } = options;
  const recordType = problems.unlessAny(findRecordType(type, registry, new Place("recordType"), problems));
  const fields = recordType.slots.map((slot) => {
    const template = templateOf(slot.type, slot.labelIn(labelStyle));
    const { value } = template;
    return slot.allowMultiple && typeof value === "string" ? { ...template, value: [value] } : template;
  });
  const title = options.title ?? placeholder("the title, which is required");
  const notes = options.notes ?? placeholder("notes, or remove this line");
  return {
    version: "v3",
    kind: "KeeperRecord",
    data: [{ recordType: recordType.name, title, notes, fields }],
  };
}

/**
 * Makes the template of one field.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_UNKNOWN_FIELD_TYPE`
 */
export function fieldTemplate(type: string): FieldTemplate {
  const problems = new Problems();
  return templateOf(problems.unlessAny(requireFieldType(type, new Place("type"), problems)), undefined);
}

function templateOf({ name, spec }: FieldType, label: string | undefined): FieldTemplate {
  const template = {
    type: name,
    ...(label !== undefined && { label }),
    value: templateValue(spec.value, spec.meaning),
    privacyScreen: false,
  };
  return name === "password"
    ? { ...template, enforceGeneration: false, complexity: defaultComplexity }
    : template;
}

function templateValue(spec: ValueSpec, meaning: string): TemplateValue {
  switch (spec.kind) {
    case "object": {
      const keys = spec.template ?? Object.keys(spec.keys);
      return Object.fromEntries(
        keys.map((key) => [key, templateValue(spec.keys[key] ?? { kind: "text" }, key)]),
      );
    }
    case "enum":
      return placeholder(enumValues(spec.of).toSorted().join(" | "));
    case "boolean":
      return placeholder(`${meaning}: true or false`);
    case "integer":
      return placeholder(`${meaning}: a whole number`);
    case "date":
      return placeholder(`${meaning}: a date such as 2030-01-31, or epoch milliseconds`);
    case "list":
      return placeholder(`${meaning}: one or several ${spec.of === "uid" ? "uids" : "texts"}`);
    default:
      return placeholder(meaning + textHint(spec.format));
  }
}

function textHint(format: "uid" | "otpauth" | "cardExpiry" | undefined): string {
  if (format === "cardExpiry") return ": MM/YYYY";
  if (format === "otpauth") return ": otpauth://…";
  return "";
}
