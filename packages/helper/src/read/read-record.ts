/** Makes a view of a record that was read. */
import { isJsonObject } from "@ksmkit/common";
import { helperError } from "../errors/problems.ts";
import type { RecordTypeMap, RecordTypeName } from "../tables/record-type-map.ts";
import { RecordType } from "../types/record-type.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { standardTypes } from "../types/standard-types.ts";
import { copyJson } from "../values/copy-json.ts";
import { RecordView } from "./record-view.ts";

/** Options of {@link readRecord}. */
export interface ReadOptions {
  /** Where custom record types are looked up. Default: none but the standard ones. */
  readonly registry?: TypeRegistry | undefined;
}

/**
 * Reads the JSON of a record, such as `record.data` of core. Any type is read; nothing is checked against its schema,
 * because vaults hold records of every age. Name the type to have its slots known to the compiler.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_ITEM_NOT_OBJECT`; `ERR_HELPER_RECORD_TYPE_UNKNOWN` when the record is
 *   not of the type that was named.
 * @example
 * ```ts
 * const view = readRecord(secret.data, "login");
 * view.get("url");
 * view.set("password", "n3w");
 * const changed = view.toData();
 * ```
 */
export function readRecord<Name extends RecordTypeName>(
  data: unknown,
  type: Name,
  options?: ReadOptions,
): RecordView<RecordTypeMap[Name]>;
/** Reads the JSON of a record of a custom type. */
export function readRecord<Name extends string, Fields>(
  data: unknown,
  type: RecordType<Name, Fields>,
): RecordView<Fields>;
/** Reads the JSON of a record of any type. */
export function readRecord(
  data: unknown,
  type?: undefined,
  options?: ReadOptions,
): RecordView<Readonly<Record<string, unknown>>>;
export function readRecord(
  data: unknown,
  type?: string | RecordType<string, unknown>,
  options: ReadOptions = {},
): RecordView<Readonly<Record<string, unknown>>> {
  const copy = isJsonObject(data) ? copyJson(data) : undefined;
  if (!isJsonObject(copy)) {
    throw helperError("ERR_HELPER_ITEM_NOT_OBJECT", "A record must be an object that JSON can hold.");
  }
  const named = typeof type === "string" ? type : type?.name;
  const stored = String(copy["type"]);
  if (named !== undefined && named !== stored) {
    throw helperError("ERR_HELPER_RECORD_TYPE_UNKNOWN", `The record is not of the type ${named}.`);
  }
  const known =
    type instanceof RecordType ? type : (options.registry?.find(stored) ?? standardTypes().get(stored));
  return new RecordView(copy, known);
}
