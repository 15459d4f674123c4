/** Makes what was read fit to be given to many: nobody can change what the others see. */
import type { KsmRecord } from "@ksmkit/core";

/** Freezes what a read has given: its lists, and the content of its records. */
export function freezeResult<T extends object>(result: T & { readonly records?: readonly KsmRecord[] }): T {
  for (const record of result.records ?? []) {
    freezeDeep(record.data);
    freezeDeep(record.links);
  }
  for (const value of Object.values(result)) if (Array.isArray(value)) Object.freeze(value);
  return result;
}

/** Freezes plain data all the way down. It comes from JSON, so there are no circles, and no more depth than text has. */
function freezeDeep(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freezeDeep(inner);
}
