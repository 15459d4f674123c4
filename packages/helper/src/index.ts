/**
 * Typed record creation for Keeper Secrets Manager: builders for every record and field type, field arguments, record
 * files, custom record types, templates.
 *
 * @module
 */
export { field, type FieldInput, type FieldOptions, type PasswordFieldOptions } from "./build/field.ts";
export { record } from "./build/record.ts";
export { recordFromObject } from "./build/record-from-object.ts";
export type { BuildOptions } from "./build/build-options.ts";
export type { RecordBase, RecordInput } from "./build/record-input.ts";
export { parseFieldArgument, type FieldArgument } from "./arguments/parse-field-argument.ts";
export { recordFromArguments, type ArgumentsInput } from "./arguments/record-from-arguments.ts";
export { recordsFromData } from "./files/records-from-data.ts";
export { recordsFromText } from "./files/records-from-text.ts";
export type { SourceFormat } from "./source/read-source.ts";
export { recordTypeNames, TypeRegistry, type ListOptions } from "./types/registry.ts";
export { RecordType } from "./types/record-type.ts";
export { fieldTypeNames } from "./types/field-type.ts";
export { typeFile, type TypeFile } from "./types/type-file.ts";
export {
  fieldTemplate,
  recordTemplate,
  type RecordTemplate,
  type TemplateOptions,
} from "./templates/template-data.ts";
export { printTemplate } from "./templates/print-template.ts";
export { RecordHelperError, type Problem } from "./errors/record-helper-error.ts";
export type { HelperErrorCode } from "./errors/codes.ts";
