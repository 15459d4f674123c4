/** The typed builder: a record from a type and its slots (helper.md section 17). */
import type { FieldData, RecordData } from "../model/record-data.ts";
import type { RecordTypeMap, RecordTypeName } from "../tables/record-type-map.ts";
import type { RecordType } from "../types/record-type.ts";
import type { BuildOptions } from "./build-context.ts";
import { recordFromInput } from "./record-from-input.ts";

/**
 * Builds a record of a standard type, or of a custom one from {@link defineRecordType} or a {@link TypeRegistry}. The
 * compiler knows the slots of the type; the key of a slot is its template label, or its field type where it has none.
 * Slots that are left out are written without a value.
 *
 * Text for a text slot other than a password, secret or note is split when it is a JSON array of texts, as in field
 * arguments; pass an array to store it literally.
 *
 * @throws {@link RecordHelperError} with everything that is wrong with the input.
 * @example
 * ```ts
 * record("login", {
 *   title: "Mail",
 *   fields: { login: "ann", password: generate(), url: "https://mail.example" },
 *   custom: [field("text", "42", { label: "Cost centre" })],
 * });
 * ```
 */
export function record<const Type extends AnyRecordType>(
  type: Type,
  input: RecordInput<FieldsOfType<Type>>,
  options?: BuildOptions,
): RecordData<NameOfType<Type>>;
export function record(type: AnyRecordType, input: RecordInput<unknown>, options?: BuildOptions): RecordData {
  return recordFromInput(type, input, options);
}

// One signature for both kinds of types: of several, TypeScript 7 reports the last one only, and its error would not
// name the misspelt slot.

/** The name of a standard record type, or a custom record type. */
export type AnyRecordType = RecordTypeName | RecordType<string, unknown>;

/** The slots of a record type as the builder takes them. */
export type FieldsOfType<Type> = Type extends RecordTypeName
  ? RecordTypeMap[Type]
  : Type extends RecordType<string, infer Fields>
    ? Fields
    : never;

/** The name of a record type. */
export type NameOfType<Type> = Type extends RecordType<infer Name, unknown> ? Name : Extract<Type, string>;

/** What every record has besides its slots. */
export interface RecordBase {
  /** Title; not empty. */
  readonly title: string;
  /** Notes; left out when empty. */
  readonly notes?: string | undefined;
  /** Fields beyond the record type, made by {@link field}. */
  readonly custom?: readonly FieldData[] | undefined;
}

/** Input of {@link record}: `fields` may be left out when no slot is required. */
export type RecordInput<Fields> = RecordBase &
  (object extends Fields ? { readonly fields?: Fields | undefined } : { readonly fields: Fields });
