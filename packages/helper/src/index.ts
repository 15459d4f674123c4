/**
 * Typed record creation for Keeper Secrets Manager: builders for every record and field type, field arguments, record
 * files, custom record types, templates, records read and changed without loss.
 *
 * @module
 */
export { field, type FieldInput, type FieldOptions, type PasswordFieldOptions } from "./build/field.ts";
export { record } from "./build/record.ts";
export { recordFromObject } from "./build/record-from-object.ts";
export type { BuildOptions } from "./build/build-context.ts";
export type { AnyRecordType, FieldsOfType, NameOfType, RecordBase, RecordInput } from "./build/record.ts";
export type { DateInput, Many, RecordUid } from "./model/inputs.ts";
export type { Password } from "./password/password.ts";
export type { FieldData, RecordData } from "./model/record-data.ts";
export type * from "./tables/field-values.ts";
export type * from "./tables/record-type-map.ts";

export { generate, type GeneratedPassword } from "./password/password.ts";
export type { PasswordComplexity, StoredComplexity } from "./password/complexity.ts";
export { toEpochMilliseconds } from "./values/date.ts";
export { totpUri, type TotpUriOptions } from "./values/totp-uri.ts";
export { isRecordUid, uid } from "./values/uid.ts";

export { parseFieldArgument, type FieldArgument } from "./arguments/parse-field-argument.ts";
export { recordFromArguments, type ArgumentsInput } from "./arguments/record-from-arguments.ts";
export { recordsFromData } from "./files/record-file.ts";
export { recordsFromText } from "./files/record-file.ts";
export type { SourceFormat } from "./source/read-source.ts";

export {
  defineRecordType,
  slot,
  type FieldsOf,
  type SlotDefinition,
  type SlotDefinitionOptions,
} from "./types/define-record-type.ts";
export type { LabelStyle } from "./types/labels.ts";
export { recordTypeNames, TypeRegistry, type ListOptions } from "./types/registry.ts";
export { RecordType, type Standing } from "./types/record-type.ts";
export type { Slot } from "./types/slot.ts";
export { fieldTypeNames, type FieldType } from "./types/field-type.ts";
export { typeFile, type TypeFile, type TypeFileField } from "./types/type-file.ts";

export {
  fieldTemplate,
  recordTemplate,
  type FieldTemplate,
  type RecordTemplate,
  type TemplateOptions,
  type TemplateValue,
} from "./templates/template-data.ts";
export { printTemplate } from "./templates/print-template.ts";

export { readRecord, type ReadOptions } from "./read/read-record.ts";
export type { FieldQuery, RecordView, StoredValue } from "./read/record-view.ts";
export type { FieldView } from "./read/field-view.ts";
export { validate, type Finding } from "./validate/validate.ts";

export { RecordHelperError, type Problem } from "./errors/record-helper-error.ts";
export type { HelperErrorCode } from "./errors/codes.ts";
