/** A record as the caller sees it (ksm-protocol section 18): uids at once, content once it is open. */
import { isJsonObject, printable, Redacted, type JsonObject } from "@ksmkit/common";
import { ArgumentError, RecordError } from "../errors/errors.ts";
import type { KeeperErrorCode } from "../errors/codes.ts";
import type { FieldValue } from "./field-types.ts";
import type { Freshness } from "./freshness.ts";
import type { KsmFile } from "./ksm-file.ts";
import { openRecordStates, openStates, runOpeningSync, type RecordState } from "./open-records.ts";
import { nameFields } from "./name-fields.ts";
import type { Problem } from "./problem.ts";
import {
  appendField,
  findField,
  findTypedField,
  listFields,
  listValues,
  type FieldList,
  type NewField,
  type RecordField,
} from "./record-field.ts";

/**
 * One record. Uids, revision and `isEditable` are there at once; everything else needs the record open,
 * which it is after an ordinary fetch. A lazily fetched record opens itself at first use on Node; on other
 * platforms call {@link KsmRecord.open} first.
 *
 * Content accessors throw `RecordError` `ERR_KSM_RECORD_NOT_OPEN` before that, and `ERR_KSM_RECORD_BROKEN`
 * when the record cannot be opened. Printing a record shows its uid, type and revision, never a value.
 *
 * @example
 * ```ts
 * const login = record.field("login");           // string | undefined
 * const port = record.customField("host")?.port; // typed by the field type
 * record.setField("password", "n3w");            // changes record.data; save it with the client
 * ```
 */
export class KsmRecord extends Redacted {
  #state: RecordState;

  /** @internal */
  constructor(state: RecordState) {
    super();
    this.#state = state;
  }

  /** What the record is made of. @internal */
  static stateOf(record: KsmRecord): RecordState {
    return record.#state;
  }

  /** Makes a record the same as a later reading of it. @internal */
  static adopt(record: KsmRecord, later: KsmRecord): void {
    record.#state = later.#state;
  }

  /** The record key, 32 bytes, for writing the record and what belongs to it. Opens the record. @internal */
  static keyOf(record: KsmRecord): Uint8Array {
    if (!record.isOpen) record.#openNow();
    const { key } = record.#state;
    if (key) return key;
    throw record.#brokenError();
  }

  /** What printing shows. */
  override toJSON(): unknown {
    const { wire, data } = this.#state;
    return { uid: wire.recordUid, type: data?.["type"], revision: wire.revision };
  }

  /** Uid of the record; "" in the broken case that the service sent none. */
  get uid(): string {
    return this.#state.wire.recordUid;
  }

  /** Number of the last change, as updates need it; 0 when none was sent. */
  get revision(): number {
    return Number(this.#state.wire.revision ?? 0);
  }

  /** Where this content comes from, and when it was read; `undefined` when unknown. A save and its re-reading renew it. */
  get freshness(): Freshness | undefined {
    return this.#state.freshness;
  }

  /** Whether this client may write; `undefined` when the service did not say. */
  get isEditable(): boolean | undefined {
    return this.#state.wire.isEditable;
  }

  /** Uid of the shared folder that holds the record; `undefined` when it is shared directly. */
  get folderUid(): string | undefined {
    return this.#state.folderUid || undefined;
  }

  /** Uid of the sub-folder that holds the record; `undefined` at the top level of its shared folder. */
  get innerFolderUid(): string | undefined {
    return this.#state.wire.innerFolderUid || undefined;
  }

  /** True once the content is at hand. */
  get isOpen(): boolean {
    return this.#state.data !== undefined;
  }

  /** Files of this record that could not be opened and are left out of {@link KsmRecord.files}. */
  get problems(): readonly Problem[] {
    return this.#state.fileProblems ?? [];
  }

  /**
   * The record JSON, unknown keys included. Changes are kept and are what a later save sends. It can be replaced as a
   * whole, for example by what `readRecord` of `@ksmkit/helper` made of it.
   */
  get data(): JsonObject {
    return this.#state.data ?? this.#openNow();
  }

  set data(data: JsonObject) {
    if (!isJsonObject(data)) {
      throw new ArgumentError("The data of a record is an object.");
    }
    if (!this.isOpen) this.#openNow();
    this.#state.data = data;
  }

  /** Record type, for example `login`. */
  get type(): string | undefined {
    return this.#text("type");
  }

  /** Title. */
  get title(): string | undefined {
    return this.#text("title");
  }

  /** Notes. */
  get notes(): string | undefined {
    return this.#text("notes");
  }

  /** Standard fields, in the order of the record type. */
  get fields(): readonly RecordField[] {
    return listFields(this.data, "fields");
  }

  /** Fields added by users. */
  get custom(): readonly RecordField[] {
    return listFields(this.data, "custom");
  }

  /**
   * Links to other records and settings as the service sent them, unchanged; empty unless the record was read with
   * `links`. `getLinks` of `@ksmkit/core/links` decodes them.
   */
  get links(): readonly JsonObject[] {
    return this.#state.wire.links as readonly JsonObject[];
  }

  /** Attached files. */
  get files(): readonly KsmFile[] {
    if (!this.isOpen) this.#openNow();
    return this.#state.files ?? [];
  }

  /** Finds a file by its uid, else the first with that name or title. */
  findFile(key: string): KsmFile | undefined {
    const { files } = this;
    return (
      files.find(({ uid }) => uid === key) ?? files.find(({ name, title }) => name === key || title === key)
    );
  }

  /** First value of the first `password` field of a `login` record; `undefined` elsewhere. */
  get password(): string | undefined {
    if (this.type !== "login") return undefined;
    const field = this.fields.find(({ type }) => type === "password");
    const value = listValues(field?.value)[0];
    return typeof value === "string" ? value : undefined;
  }

  /**
   * Opens a lazily fetched record; returns at once when it is open.
   *
   * @throws {@link RecordError} `ERR_KSM_RECORD_BROKEN`
   */
  async open(): Promise<this> {
    const state = this.#state;
    await openStates([state]);
    if (!state.data) throw this.#brokenError();
    return this;
  }

  /**
   * Returns the first value of a standard field; `undefined` when it has none. The key is compared with the
   * labels (same case), then with the types (any case).
   *
   * @throws {@link RecordError} `ERR_KSM_FIELD_NOT_FOUND`
   */
  field<K extends string>(key: K): FieldValue<K> | undefined {
    return this.fieldValues(key)[0];
  }

  /**
   * Like {@link KsmRecord.field}, in the fields added by users. With a type, both must match: the label (same case) and
   * the type (any case).
   */
  customField<K extends string>(key: K): FieldValue<K> | undefined;
  customField<K extends string>(label: string, type: K): FieldValue<K> | undefined;
  customField<K extends string>(label: string, type?: K): FieldValue<K> | undefined {
    return this.#customValues<K>(label, type)[0];
  }

  /**
   * Returns all values of a standard field, found as by {@link KsmRecord.field}.
   *
   * @throws {@link RecordError} `ERR_KSM_FIELD_NOT_FOUND`
   */
  fieldValues<K extends string>(key: K): FieldValue<K>[] {
    return typedValues<K>(this.#field("fields", key));
  }

  /** Like {@link KsmRecord.fieldValues}, in the fields added by users; label and type as in {@link KsmRecord.customField}. */
  customFieldValues<K extends string>(key: K): FieldValue<K>[];
  customFieldValues<K extends string>(label: string, type: K): FieldValue<K>[];
  customFieldValues<K extends string>(label: string, type?: K): FieldValue<K>[] {
    return this.#customValues(label, type);
  }

  /** Finds a standard field as {@link KsmRecord.field} does; the field as stored, or `undefined`. */
  findField(key: string): RecordField | undefined {
    return findField(this.data, "fields", key);
  }

  /** Finds a field added by users as {@link KsmRecord.customField} does; the field as stored, or `undefined`. */
  findCustomField(key: string, type?: string): RecordField | undefined {
    return type === undefined
      ? findField(this.data, "custom", key)
      : findTypedField(this.data, "custom", key, type);
  }

  /**
   * Replaces the values of a standard field; a lone value becomes a list of one. Nothing is sent before the
   * record is saved.
   *
   * @throws {@link RecordError} `ERR_KSM_FIELD_NOT_FOUND`
   */
  setField<K extends string>(key: K, value: FieldValue<K> | FieldValue<K>[]): void {
    this.#mutable().#field("fields", key).value = listValues(value);
  }

  /** Like {@link KsmRecord.setField}, in the fields added by users. */
  setCustomField<K extends string>(key: K, value: FieldValue<K> | FieldValue<K>[]): void {
    this.#mutable().#field("custom", key).value = listValues(value);
  }

  /**
   * Adds a field to those added by users.
   *
   * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` without a field type.
   * @example
   * ```ts
   * record.addCustomField({ type: "text", label: "Environment", value: "production" });
   * ```
   */
  addCustomField(field: NewField): void {
    appendField(this.#mutable().data, "custom", field);
  }

  #text(key: string): string | undefined {
    const value = this.data[key];
    return typeof value === "string" ? value : undefined;
  }

  /** This record, unless a cache shares it between readers, who must not see each other's changes. */
  #mutable(): this {
    if (!Object.isFrozen(this.data)) return this;
    throw this.#error("ERR_KSM_READ_ONLY", "it is shared by a cache; read it with `fresh` to change it");
  }

  #customValues<K extends string>(label: string, type: K | undefined): FieldValue<K>[] {
    if (type === undefined) return typedValues<K>(this.#field("custom", label));
    const found = findTypedField(this.data, "custom", label, type);
    if (found) return typedValues<K>(found);
    throw this.#missing("custom", label, type);
  }

  #field(list: FieldList, key: string): RecordField {
    const found = findField(this.data, list, key);
    if (found) return found;
    throw this.#missing(list, key);
  }

  #missing(list: FieldList, key: string, type?: string): RecordError {
    const where = list === "fields" ? "standard" : "custom";
    const wanted =
      type === undefined
        ? `the label or type "${printable(key)}"`
        : `the label "${printable(key)}" and the type "${printable(type)}"`;
    const names = nameFields(listFields(this.data, list), key);
    return this.#error("ERR_KSM_FIELD_NOT_FOUND", `no ${where} field has ${wanted}; ${names}`);
  }

  #openNow(): JsonObject {
    const state = this.#state;
    const { openGcmSync } = state.crypto;
    if (!state.broken && openGcmSync) runOpeningSync(openRecordStates([state]), openGcmSync);
    if (state.data) return state.data;
    if (state.broken) throw this.#brokenError();
    throw this.#error("ERR_KSM_RECORD_NOT_OPEN", "it was fetched lazily; await record.open() first");
  }

  #brokenError(): RecordError {
    return this.#error("ERR_KSM_RECORD_BROKEN", this.#state.broken?.message ?? "it cannot be opened");
  }

  #error(code: KeeperErrorCode, what: string): RecordError {
    return new RecordError(code, `Record ${this.uid}: ${what}`, { recordUid: this.uid });
  }
}

/** Takes the stored values for what the field type says they are (section 18.2): vaults hold nothing else. */
function typedValues<K extends string>(field: RecordField): FieldValue<K>[] {
  return listValues(field.value) as FieldValue<K>[];
}

/** Opens lazily fetched records in one batch; broken ones show it when used. Needed before `title` and the like off Node. */
export async function openRecords(records: readonly KsmRecord[]): Promise<void> {
  await openStates(records.map((record) => KsmRecord.stateOf(record)));
}
