/**
 * The plaintext of a record (helper.md section 1): what core's create and update take. Aliases and not interfaces,
 * because only they can be assigned to an object of further members, as core and other clients declare theirs.
 */

/** One field, as it is stored. */
export type FieldData<Type extends string = string> = {
  readonly type: Type;
  /** One element per value; empty when the field has none. */
  readonly value: readonly unknown[];
  readonly label?: string;
  readonly required?: boolean;
  readonly privacyScreen?: boolean;
  /** On `password` fields: clients offer a generated password only. */
  readonly enforceGeneration?: boolean;
  /** On `password` fields: how clients generate one. */
  readonly complexity?: object;
};

/** One record, ready to be created. */
export type RecordData<Type extends string = string> = {
  readonly type: Type;
  readonly title: string;
  /** One field per slot of the record type, in its order, also those without a value. */
  readonly fields: readonly FieldData[];
  /** Fields beyond the record type; always there. */
  readonly custom: readonly FieldData[];
  readonly notes?: string;
};
