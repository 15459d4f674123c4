/** The typed builder: a record from a type and its slots (helper.md section 17). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { Place } from "../errors/place.ts";
import { helperError } from "../errors/problems.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import type { RecordTypeMap, RecordTypeName } from "../tables/record-type-map.ts";
import { findRecordType } from "../types/find-record-type.ts";
import { RecordType } from "../types/record-type.ts";
import type { BuildOptions } from "./build-options.ts";
import { startBuilding, type Building } from "./building.ts";
import { customField } from "./custom-field.ts";
import { emitSlot } from "./emit-field.ts";
import { finishRecord } from "./finish-record.ts";
import { passwordElements } from "./password-elements.ts";
import { readNotes, readTitle } from "./record-header.ts";
import type { RecordInput } from "./record-input.ts";

const topPlace = /* @__PURE__ */ new Place();
const titlePlace = /* @__PURE__ */ new Place("title");
const notesPlace = /* @__PURE__ */ new Place("notes");
const customPlace = /* @__PURE__ */ new Place("custom");
const noOptions: BuildOptions = {};

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
  options: BuildOptions = noOptions,
): RecordData {
  if (!isJsonObject(input))
    throw helperError("ERR_HELPER_ARGUMENT_INVALID", "record() takes an input object.");
  const building = startBuilding(options);
  const { problems } = building;
  const recordType =
    type instanceof RecordType ? type : findRecordType(type, options.registry, new Place("type"), problems);
  const title = readTitle(input.title, titlePlace, problems);
  const notes = readNotes(input.notes, notesPlace, problems);
  const fields = recordType ? slotFields(recordType, input["fields"], building) : [];
  const custom = input.custom === undefined ? [] : customFields(input.custom, building);
  return problems.unlessAny(
    finishRecord({ type: recordType, title, notes, fields, custom }, building, topPlace),
  );
}

function slotFields(type: RecordType<string, unknown>, supplied: unknown, building: Building): FieldData[] {
  const { problems } = building;
  const values: JsonObject = isJsonObject(supplied) ? supplied : {};
  if (supplied !== undefined && values !== supplied) {
    problems.add(
      "ERR_HELPER_VALUE_NOT_OBJECT",
      new Place("fields"),
      "must be an object with one key per slot",
    );
  }
  for (const key in values) {
    if (type.slot(key) || !Object.hasOwn(values, key)) continue;
    problems.add(
      "ERR_HELPER_NO_STANDARD_SLOT",
      new Place(key, new Place("fields")),
      `is no slot of ${type.name}; it has ${type.slots.map((slot) => slot.key).join(", ")}`,
    );
  }
  return type.slots.map((slot) => {
    const value = Object.hasOwn(values, slot.key) ? values[slot.key] : undefined;
    const elements =
      slot.type.name === "password"
        ? passwordElements(slot, value, slot.place, building)
        : value === undefined
          ? []
          : slot.type.normalize(value, slot.place, problems);
    return emitSlot(slot, elements, building);
  });
}

function customFields(supplied: unknown, building: Building): FieldData[] {
  if (!Array.isArray(supplied)) {
    building.problems.add("ERR_HELPER_CUSTOM_FIELDS_NOT_ARRAY", customPlace, "must be an array of fields");
    return [];
  }
  return supplied
    .map((entry: unknown, index) => customField(entry, customPlace.child(index), building, true))
    .filter((field) => field !== undefined)
    .map(withoutFalseFlags);
}

/** A lone field says `false` where it was given; in a record the vault leaves it out. */
function withoutFalseFlags(field: FieldData): FieldData {
  const { required, privacyScreen, enforceGeneration, ...rest } = field;
  return {
    ...rest,
    ...(required && { required }),
    ...(privacyScreen && { privacyScreen }),
    ...(enforceGeneration && { enforceGeneration }),
  };
}
