/** Telling a value from the promise of one. */

/** True for anything that can be awaited for something else than itself. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
