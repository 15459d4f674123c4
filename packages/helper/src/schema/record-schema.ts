/** Record and field types as Standard Schema, for forms, routers and other libraries that take one. */
import type { BuildOptions } from "../build/build-context.ts";
import { fieldFromInput, type FieldInput } from "../build/field.ts";
import { recordFromInput } from "../build/record-from-input.ts";
import type { AnyRecordType, FieldsOfType, NameOfType, RecordInput } from "../build/record.ts";
import { RecordHelperError } from "../errors/record-helper-error.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import type { FieldTypeName } from "../tables/field-values.ts";
import type { StandardResult, StandardSchema } from "./standard-schema-spec.ts";

/**
 * A schema whose input is what {@link record} takes and whose output is the record.
 *
 * @example
 * ```ts
 * const result = await recordSchema("login")["~standard"].validate(body);
 * ```
 */
export function recordSchema<const Type extends AnyRecordType>(
  type: Type,
  options?: BuildOptions,
): StandardSchema<RecordInput<FieldsOfType<Type>>, RecordData<NameOfType<Type>>>;
export function recordSchema(
  type: AnyRecordType,
  options?: BuildOptions,
): StandardSchema<unknown, RecordData> {
  return standardSchema((value) => recordFromInput(type, value, options));
}

/**
 * A schema whose input is what {@link field} takes for a field type and whose output is the finished field.
 *
 * @example
 * ```ts
 * fieldSchema("phone")["~standard"].validate([{ number: "555 1230", type: "Work" }]);
 * ```
 */
export function fieldSchema<Type extends FieldTypeName>(
  type: Type,
): StandardSchema<FieldInput<Type>, FieldData<Type>> {
  return standardSchema((value) => ({ ...fieldFromInput({ type, value }), type }));
}

/** Problems become issues; any other error is thrown. */
function standardSchema<Input, Output>(build: (value: unknown) => Output): StandardSchema<Input, Output> {
  const validate = (value: unknown): StandardResult<Output> => {
    try {
      return { value: build(value) };
    } catch (error) {
      if (!(error instanceof RecordHelperError)) throw error;
      return { issues: error.problems.map(({ message, keys }) => ({ message, path: keys })) };
    }
  };
  return { "~standard": { version: 1, vendor: "ksmkit", validate } };
}
