/** A typed, lenient view of a record that was read, which writes back what it does not change (helper.md section 17.3). */
import { isJsonObject, redact, type JsonObject } from "@ksmkit/common";
import { customField } from "../build/custom-field.ts";
import { createBuildContext } from "../build/build-context.ts";
import { emitSlot } from "../build/stored-field.ts";
import { Place } from "../errors/place.ts";
import { helperError } from "../errors/problems.ts";
import type { GeneratedPassword } from "../password/password.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import type { FieldTypeName, FieldValueMap } from "../tables/field-values.ts";
import { foldLabel } from "../types/labels.ts";
import type { RecordType } from "../types/record-type.ts";
import { readText } from "../values/text.ts";
import { FieldView, setElements } from "./field-view.ts";
import { matchSlots } from "./match-slots.ts";

/** What is stored for what the builder takes. */
export type StoredValue<Input> = unknown extends Input
  ? unknown
  : Date extends Input
    ? number
    : Exclude<Input, undefined | GeneratedPassword | readonly unknown[]>;

/** Which field of a type is meant. */
export interface FieldQuery {
  /** Label, compared without case, blanks and punctuation. Default: any. */
  readonly label?: string | undefined;
  /** Which of the fields that fit, from 0. Default: 0. */
  readonly index?: number | undefined;
  /** Where to look. Default: the standard fields, then the custom ones. */
  readonly section?: "fields" | "custom" | undefined;
}

/**
 * A record that was read. Nothing is changed until it is set: unknown types, keys, flags and labels come out of
 * {@link RecordView.toData} as they went in. Printing a view shows its type, never a value.
 *
 * Made by {@link readRecord}. `Fields` is what the typed builder takes for the record's type.
 */
export class RecordView<Fields = object> {
  static {
    redact(this.prototype, function (this: RecordView) {
      return { type: this.type };
    });
  }

  readonly #data: JsonObject;
  readonly #type: RecordType<string, unknown> | undefined;

  /** @internal */
  constructor(data: JsonObject, type: RecordType<string, unknown> | undefined) {
    this.#data = data;
    this.#type = type;
  }

  /** Record type, as stored. */
  get type(): string {
    return readText(this.#data["type"]) ?? "";
  }

  /** Title. */
  get title(): string {
    return readText(this.#data["title"]) ?? "";
  }

  set title(title: string) {
    if (typeof title !== "string" || title === "") {
      throw helperError("ERR_HELPER_TITLE_MISSING", "A record needs a title.");
    }
    this.#data["title"] = title;
  }

  /** Notes; `undefined` when there are none. */
  get notes(): string | undefined {
    return readText(this.#data["notes"]) || undefined;
  }

  set notes(notes: string | undefined) {
    if (notes === undefined || notes === "") delete this.#data["notes"];
    else this.#data["notes"] = notes;
  }

  /** The standard fields, in stored order. */
  get fields(): FieldView[] {
    return this.#list("fields").map((field) => new FieldView(field));
  }

  /** The custom fields, in stored order. */
  get custom(): FieldView[] {
    return this.#list("custom").map((field) => new FieldView(field));
  }

  /** Finds the field of a slot, whichever spelling its label has; `undefined` when the record has none. */
  slot<Key extends keyof Fields & string>(key: Key): FieldView<StoredValue<Fields[Key]>> | undefined {
    const slot = this.#requireSlot(key);
    const field = matchSlots(slot.type, this.#list("fields")).get(slot.slot);
    return field && new FieldView(field, slot.slot.complexity);
  }

  /** The first value of a slot; `undefined` when it has none. */
  get<Key extends keyof Fields & string>(key: Key): StoredValue<Fields[Key]> | undefined {
    return this.slot(key)?.value;
  }

  /** All values of a slot. */
  getAll<Key extends keyof Fields & string>(key: Key): StoredValue<Fields[Key]>[] {
    return this.slot(key)?.values ?? [];
  }

  /**
   * Replaces the values of a slot, checked as the builder checks them; label and flags stay. A slot that the record
   * does not have is added. `undefined` leaves no value.
   *
   * @throws {@link RecordHelperError} with everything that is wrong with the value.
   */
  set<Key extends keyof Fields & string>(key: Key, value: Fields[Key] | undefined): this {
    const { slot } = this.#requireSlot(key);
    const found = this.slot(key);
    if (found) {
      found.set(value);
      return this;
    }
    const context = createBuildContext({});
    const elements = setElements({ type: slot.type, complexity: slot.complexity }, value, context);
    context.problems.throwIfAny();
    this.#append("fields", emitSlot(slot, elements, context));
    return this;
  }

  /** Finds a field by type, in any record; a second one of the type by its label or index. */
  field<Type extends FieldTypeName>(
    type: Type,
    query?: FieldQuery,
  ): FieldView<FieldValueMap[Type]> | undefined;
  field(type: string, query?: FieldQuery): FieldView | undefined;
  field(type: string, { label, index = 0, section }: FieldQuery = {}): FieldView | undefined {
    const sections = section === undefined ? (["fields", "custom"] as const) : [section];
    const wanted = label === undefined ? undefined : foldLabel(label);
    return sections
      .flatMap((name) => this.#list(name))
      .map((field) => new FieldView(field))
      .filter((field) => field.type === type)
      .filter(
        (field) => wanted === undefined || (field.label !== undefined && foldLabel(field.label) === wanted),
      )[index];
  }

  /**
   * Adds a custom field, made by {@link field}.
   *
   * @throws {@link RecordHelperError} when it is none.
   */
  addCustom(field: FieldData): this {
    const context = createBuildContext({});
    const made = customField(field, new Place(), context, true);
    this.#append("custom", context.problems.unlessAny(made));
    return this;
  }

  /**
   * The record as core's create and update take it: a copy, changed only where something was set. A record that was
   * not whole when it was read is not whole here, whatever its type says.
   *
   * @example
   * ```ts
   * secret.data = view.toData();
   * await editor.updateRecord(secret);
   * ```
   */
  toData(): RecordData & JsonObject {
    return structuredClone(this.#data) as RecordData & JsonObject;
  }

  /** A copy to create as a new record: another title, and no attachments, which stay with the original. */
  clone({ title }: { readonly title: string }): RecordView<Fields> {
    const copy = new RecordView<Fields>(this.toData(), this.#type);
    copy.title = title;
    for (const field of [...copy.#list("fields"), ...copy.#list("custom")]) {
      if (field["type"] === "fileRef") field["value"] = [];
    }
    return copy;
  }

  #requireSlot(key: string): { type: RecordType<string, unknown>; slot: RecordType["slots"][number] } {
    const slot = this.#type?.slot(key);
    if (this.#type && slot) return { type: this.#type, slot };
    throw helperError(
      "ERR_HELPER_NO_STANDARD_SLOT",
      this.#type
        ? `${this.#type.name} has no slot ${key}.`
        : "The type of this record is not known; use field().",
    );
  }

  #list(section: "fields" | "custom"): JsonObject[] {
    const list = this.#data[section];
    return Array.isArray(list) ? list.filter(isJsonObject) : [];
  }

  #append(section: "fields" | "custom", field: FieldData): void {
    const list = this.#data[section];
    if (Array.isArray(list)) list.push({ ...field });
    else this.#data[section] = [{ ...field }];
  }
}
