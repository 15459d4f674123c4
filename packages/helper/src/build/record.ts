/** The typed builder: a record from a type and its slots (helper.md section 17). */
import type { FieldData, RecordData } from "../model/record-data.ts";
import type { RecordTypeMap, RecordTypeName } from "../tables/record-type-map.ts";
import type { RecordType } from "../types/record-type.ts";
import type { BuildOptions } from "./build-context.ts";
import { recordFromInput } from "./record-from-input.ts";

/**
 * Builds a record of a standard type. The compiler knows the slots of the type; a slot is called by its template
 * label, or by its field type where it has none. Slots that are left out are written without a value.
 *
 * Text for a text slot other than a password, secret or note is split when it is a JSON array of texts, as in field
 * arguments; give an array to have it literally.
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
export function record<Name extends RecordTypeName>(
  type: Name,
  input: RecordInput<RecordTypeMap[Name]>,
  options?: BuildOptions,
): RecordData<Name>;
/**
 * Builds a record of a custom type, from {@link defineRecordType} or a {@link TypeRegistry}.
 *
 * @throws {@link RecordHelperError} with everything that is wrong with the input.
 */
export function record<Name extends string, Fields>(
  type: RecordType<Name, Fields>,
  input: RecordInput<Fields>,
  options?: BuildOptions,
): RecordData<Name>;
export function record(
  type: string | RecordType<string, unknown>,
  input: RecordInput<unknown>,
  options?: BuildOptions,
): RecordData {
  return recordFromInput(type, input, options);
}

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
