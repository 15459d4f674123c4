/** One field of a record that was read. */
import { isJsonObject, redact, type JsonObject } from "@ksmkit/common";
import { Place } from "../errors/place.ts";
import { createBuildContext, type BuildContext } from "../build/build-context.ts";
import { fieldElements, type FieldRule } from "../build/stored-field.ts";
import { Problems } from "../errors/problems.ts";
import { checkComplexity, type StoredComplexity } from "../password/complexity.ts";
import { findFieldType, requireFieldType } from "../types/field-type.ts";
import { readBoolean } from "../values/plain.ts";
import { lenientElements } from "./lenient-value.ts";
import { labelOf } from "./match-slots.ts";

/** A stored field: read leniently, written as the builder writes. `Value` is what one value is. */
export class FieldView<Value = unknown> {
  static {
    redact(this.prototype, function (this: FieldView) {
      return { type: this.type, label: this.label };
    });
  }

  readonly #field: JsonObject;
  readonly #slotComplexity: StoredComplexity | undefined;

  /** @internal */
  constructor(field: JsonObject, slotComplexity?: StoredComplexity) {
    this.#field = field;
    this.#slotComplexity = slotComplexity;
  }

  /** The rules for a generated password: the field's own where they can be read, else the slot's. */
  get #complexity(): StoredComplexity | undefined {
    const { complexity } = this.#field;
    const stored = isJsonObject(complexity)
      ? checkComplexity(complexity, new Place("complexity"), new Problems())
      : undefined;
    return stored ?? this.#slotComplexity;
  }

  /** Field type; may be one that this package does not know. */
  get type(): string {
    return String(this.#field["type"]);
  }

  /** Label; `undefined` when there is none. */
  get label(): string | undefined {
    return labelOf(this.#field);
  }

  /** Whether clients insist on a value. Text such as `"true"`, which some writers store, counts. */
  get isRequired(): boolean {
    return readBoolean(this.#field["required"]) === true;
  }

  /** The values, each as its field type has it. Of a type that is not known they come as stored. */
  get values(): Value[] {
    return decodeValues<Value>(this.type, this.#field["value"]);
  }

  /** The first value; `undefined` when there is none. */
  get value(): Value | undefined {
    return this.values[0];
  }

  /**
   * Replaces the values, checked as the builder checks them; label and flags stay. `undefined` leaves none.
   *
   * @throws {@link RecordHelperError} with everything that is wrong with the value.
   */
  set(value: unknown): void {
    const context = createBuildContext({});
    const { problems } = context;
    const type = problems.unlessAny(requireFieldType(this.type, new Place("type"), problems));
    const elements = setElements({ type, complexity: this.#complexity }, value, context);
    problems.throwIfAny();
    this.#field["value"] = elements;
  }
}

/** The elements for a value that a program sets: its text is meant as it is, unlike what people type or files hold. */
export function setElements(rule: FieldRule, value: unknown, context: BuildContext): unknown[] {
  const literal =
    typeof value === "string" && value.trimStart().startsWith("[") && rule.type.spec.value.kind === "text";
  return fieldElements(rule, literal ? [value] : value, new Place("value"), context);
}

/** Says what the values of a type are; reading them has made it true, as far as the type is known. */
function decodeValues<Value>(type: string, stored: unknown): Value[] {
  const elements: unknown[] = Array.isArray(stored) ? stored : isNothing(stored) ? [] : [stored];
  const spec = findFieldType(type)?.spec;
  return (spec ? lenientElements(type, spec.value, elements) : elements) as Value[];
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
