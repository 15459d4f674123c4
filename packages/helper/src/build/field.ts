/** The builder of single fields, for the custom section of a record (helper.md section 17.1). */
import { Place } from "../errors/place.ts";
import type { Many } from "../model/inputs.ts";
import type { FieldData } from "../model/record-data.ts";
import type { PasswordComplexity } from "../password/complexity.ts";
import type { FieldInputMap, FieldTypeName, SingleValueType } from "../tables/field-values.ts";
import { type BuildOptions, createBuildContext } from "./build-context.ts";
import { customField } from "./custom-field.ts";

/** Input for a field: one value, or several where other clients expect several. */
export type FieldInput<Type extends FieldTypeName> = Type extends SingleValueType
  ? FieldInputMap[Type]
  : Many<FieldInputMap[Type]>;

/** Options of a field. */
export interface FieldOptions {
  /** Label. Default: none. */
  readonly label?: string | undefined;
  /** Whether clients require a value. Default: not stored. */
  readonly required?: boolean | undefined;
  /** Whether clients hide the value. Default: not stored. */
  readonly privacyScreen?: boolean | undefined;
}

/** Options of a `password` field. */
export interface PasswordFieldOptions extends FieldOptions {
  /** Whether the password is always generated, a supplied one ignored, and clients offer generated ones only. */
  readonly enforceGeneration?: boolean | undefined;
  /** How the password is generated. Default: 64 characters of every kind. */
  readonly complexity?: PasswordComplexity | undefined;
}

/** Options by field type. */
export type OptionsOf<Type extends FieldTypeName> = Type extends "password"
  ? PasswordFieldOptions
  : FieldOptions;

/** Build options of a field. */
export type PasswordBuildOptions = Pick<BuildOptions, "complexity" | "generatePasswords" | "random">;

/**
 * Builds a field for the custom section of a record.
 *
 * @throws {@link RecordHelperError} with everything that is wrong with the value, the label and the flags.
 * @example
 * ```ts
 * field("text", "42", { label: "Cost centre" });
 * field("phone", [{ number: "555 1230", type: "Work" }]);
 * field("date", new Date());
 * ```
 */
export function field<Type extends FieldTypeName>(
  type: Type,
  value?: FieldInput<Type>,
  options?: OptionsOf<Type>,
  build?: PasswordBuildOptions,
): FieldData<Type> {
  return { ...fieldFromInput({ ...options, type, value }, build), type };
}

/**
 * Builds a field from input of any shape: `{ type, value?, label?, … }`.
 *
 * @throws {@link RecordHelperError} with everything that is wrong with it.
 */
export function fieldFromInput(input: unknown, build: PasswordBuildOptions = {}): FieldData {
  const context = createBuildContext(build);
  return context.problems.unlessAny(customField(input, new Place(), context, false));
}
