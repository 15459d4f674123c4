/** The implementation of {@link record}, also for input that no compiler has checked. */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { Place } from "../errors/place.ts";
import { helperError } from "../errors/problems.ts";
import type { FieldData, RecordData } from "../model/record-data.ts";
import { findRecordType } from "../types/registry.ts";
import { RecordType } from "../types/record-type.ts";
import { type BuildOptions, type BuildContext, createBuildContext } from "./build-context.ts";
import { customField } from "./custom-field.ts";
import { emitSlot, fieldElements } from "./stored-field.ts";
import { finishRecord } from "./finish-record.ts";
import { readNotes, readTitle, refuseUnknownKeys } from "./read-input.ts";

const topPlace = /* @__PURE__ */ new Place();
const typePlace = /* @__PURE__ */ new Place("type");
const titlePlace = /* @__PURE__ */ new Place("title");
const notesPlace = /* @__PURE__ */ new Place("notes");
const customPlace = /* @__PURE__ */ new Place("custom");
const inputKeys = ["title", "notes", "fields", "custom"];
const noOptions: BuildOptions = {};

/**
 * Builds a record from input of any shape.
 *
 * @throws {@link RecordHelperError} with everything that is wrong with the input.
 */
export function recordFromInput(
  type: string | RecordType<string, unknown>,
  input: unknown,
  options: BuildOptions = noOptions,
): RecordData {
  const context = createBuildContext(options);
  const { problems } = context;
  if (!isJsonObject(input)) {
    throw helperError(
      "ERR_HELPER_ARGUMENT_INVALID",
      "A record is built from an object with title and fields.",
    );
  }
  const recordType =
    type instanceof RecordType ? type : findRecordType(type, options.registry, typePlace, problems);
  refuseUnknownKeys(input, inputKeys, topPlace, problems);
  const title = readTitle(input["title"], titlePlace, problems);
  const notes = readNotes(input["notes"], notesPlace, problems);
  const fields = recordType ? slotFields(recordType, input["fields"], context) : [];
  const custom = input["custom"] === undefined ? [] : customFields(input["custom"], context);
  return problems.unlessAny(
    finishRecord({ type: recordType, title, notes, fields, custom }, context, topPlace),
  );
}

function slotFields(
  type: RecordType<string, unknown>,
  supplied: unknown,
  context: BuildContext,
): FieldData[] {
  const { problems } = context;
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
    const elements = fieldElements(slot, value, slot.place, context);
    return emitSlot(slot, elements, context);
  });
}

function customFields(supplied: unknown, context: BuildContext): FieldData[] {
  if (!Array.isArray(supplied)) {
    context.problems.add("ERR_HELPER_CUSTOM_FIELDS_NOT_ARRAY", customPlace, "must be an array of fields");
    return [];
  }
  return supplied
    .map((entry: unknown, index) => customField(entry, customPlace.child(index), context, true))
    .filter((field) => field !== undefined)
    .map(withoutFalseFlags);
}

/** A single field keeps the flag `false`; in a record the vault leaves it out. */
function withoutFalseFlags(field: FieldData): FieldData {
  const { required, privacyScreen, enforceGeneration, ...rest } = field;
  return {
    ...rest,
    ...(required && { required }),
    ...(privacyScreen && { privacyScreen }),
    ...(enforceGeneration && { enforceGeneration }),
  };
}
