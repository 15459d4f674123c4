/** Record types defined in code, with the same checking by the compiler as the standard ones (helper.md section 17). */
import { isJsonObject } from "@ksmkit/common";
import type { FieldInput } from "../build/field.ts";
import { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import { storedRules, type PasswordComplexity } from "../password/complexity.ts";
import type { FieldTypeName } from "../tables/field-values.ts";
import { foldLabel } from "./labels.ts";
import { RecordType } from "./record-type.ts";
import { Slot } from "./slot.ts";
import { requireFieldType } from "./field-type.ts";

/** What a slot has besides its field type. */
export interface SlotDefinitionOptions {
  /** Label. Default: the slot's key where that differs from the field type, else none. */
  readonly label?: string | undefined;
  /** Whether a value is needed. Default: false. */
  readonly required?: boolean | undefined;
  /** Whether clients hide the value. Default: false. */
  readonly privacyScreen?: boolean | undefined;
  /** On `password` slots: whether the password is always generated. Default: false. */
  readonly enforceGeneration?: boolean | undefined;
  /** On `password` slots: how it is generated. Default: 64 characters of every kind. */
  readonly complexity?: PasswordComplexity | undefined;
}

/** A slot of a type under definition. */
export interface SlotDefinition<
  Type extends FieldTypeName = FieldTypeName,
  Required extends boolean = boolean,
> {
  readonly type: Type;
  readonly required: Required;
  readonly options: SlotDefinitionOptions;
}

type IsRequired<Options> = Options extends { readonly required: true } ? true : false;

/** What the typed builder takes for a set of slots. */
export type FieldsOf<Slots extends Readonly<Record<string, SlotDefinition>>> = {
  readonly [Key in keyof Slots as Slots[Key]["required"] extends true ? Key : never]: FieldInput<
    Slots[Key]["type"]
  >;
} & {
  readonly [Key in keyof Slots as Slots[Key]["required"] extends true ? never : Key]?:
    | FieldInput<Slots[Key]["type"]>
    | undefined;
};

/** Describes one slot for {@link defineRecordType}. */
export function slot<Type extends FieldTypeName, const Options extends SlotDefinitionOptions = object>(
  type: Type,
  options?: Options,
): SlotDefinition<Type, IsRequired<Options>>;
export function slot(type: FieldTypeName, options: SlotDefinitionOptions = {}): SlotDefinition {
  return { type, required: options.required === true, options };
}

/**
 * Defines a custom record type. The keys are what the typed builder calls the slots; their order is the order in which
 * the fields are written.
 *
 * @throws {@link RecordHelperError} with everything that is wrong: an unknown field type, a key that is no name, two
 *   slots of one type under one label, a malformed complexity.
 * @example
 * ```ts
 * const serviceAccount = defineRecordType("serviceAccount", {
 *   login: slot("login", { required: true }),
 *   token: slot("secret", { label: "API token" }),
 * });
 * record(serviceAccount, { title: "CI", fields: { login: "bot", token: "s3cret" } });
 * ```
 */
export function defineRecordType<
  const Name extends string,
  const Slots extends Readonly<Record<string, SlotDefinition>>,
>(name: Name, slots: Slots): RecordType<Name, FieldsOf<Slots>> {
  const problems = new Problems();
  if (typeof name !== "string" || name === "") {
    problems.add("ERR_HELPER_RECORD_TYPE_MISSING", new Place("name"), "is missing or empty");
  }
  const labels = new Set<string>();
  const given: unknown = slots;
  if (!isJsonObject(given))
    problems.add("ERR_HELPER_ARGUMENT_INVALID", new Place("slots"), "must be an object");
  const made = Object.entries(slots ?? {}).map(([key, definition]) =>
    slotOf(key, definition, labels, new Place(key, new Place("slots")), problems),
  );
  problems.throwIfAny();
  return new RecordType<Name, FieldsOf<Slots>>(
    name,
    made.filter((entry) => entry !== undefined),
  );
}

function slotOf(
  key: string,
  { type: typeName, options }: SlotDefinition,
  labels: Set<string>,
  place: Place,
  problems: Problems,
): Slot | undefined {
  // Whole numbers as keys would be put first, whatever their order.
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) {
    problems.add("ERR_HELPER_ARGUMENT_INVALID", place, "must have a key that can be a name in code");
  }
  const type = requireFieldType(typeName, place.child("type"), problems);
  const label = options.label ?? (key === typeName ? undefined : key);
  const tag = `${typeName}\n${label === undefined ? "" : foldLabel(label)}`;
  if (labels.has(tag)) {
    problems.add("ERR_HELPER_FIELD_NOT_UNIQUE", place, "has the type and label of a slot before it");
  }
  labels.add(tag);
  const { required, privacyScreen, enforceGeneration, complexity } = options;
  const rules =
    complexity === undefined ? undefined : storedRules(complexity, place.child("complexity"), problems);
  return (
    type && new Slot({ key, type, label, required, privacyScreen, enforceGeneration, complexity: rules })
  );
}
