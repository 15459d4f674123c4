/** Adds fields to a record's custom ones. */
import type { KeeperRecord } from "../types/records.ts";
import type { KeeperRecordField } from "./fields.ts";

/**
 * Appends a field to those added by users. Nothing is sent before the record is saved.
 *
 * @example
 * ```ts
 * addCustomField(record, new TextField("production"));
 * ```
 */
export const addCustomField = (record: KeeperRecord, field: KeeperRecordField): void => {
  (record.data.custom ??= []).push(field);
};
