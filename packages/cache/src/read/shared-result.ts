/** Freezes a result that many readers share: no reader can change what the others see. */
import type { KsmRecord } from "@ksmkit/core";

/** Freezes the lists of a result, and the content of its records. */
export function freezeResult<T extends object>(result: T & { readonly records?: readonly KsmRecord[] }): T {
  for (const record of result.records ?? []) {
    freezeDeep(record.data);
    freezeDeep(record.links);
  }
  for (const value of Object.values(result)) if (Array.isArray(value)) Object.freeze(value);
  return result;
}

/** Freezes plain data recursively. It comes from JSON of bounded depth, so there are no circles. */
function freezeDeep(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freezeDeep(inner);
}
