/**
 * The few assertions that the suite and the vector suites use, for runtimes without `node:assert`. Bundled in
 * place of `node:assert/strict` everywhere, so that every runtime compares alike; as strict as that module: types,
 * prototypes, own keys and elements must agree.
 */
import { equalBytes } from "@ksmkit/common";

class AssertionError extends Error {
  override readonly name = "AssertionError";
}

type Check = RegExp | Record<string, unknown> | ((error: unknown) => boolean);

function show(value: unknown): string {
  const seen = (_: string, part: unknown): unknown =>
    part instanceof Uint8Array ? `bytes ${[...part.subarray(0, 40)].join(" ")}` : part;
  return (JSON.stringify(value, seen) ?? String(value)).slice(0, 300);
}

export function fail(message = "failed"): never {
  throw new AssertionError(message);
}

export function ok(value: unknown, message = `${show(value)} is not truthy`): asserts value {
  if (!value) fail(message);
}

export function strictEqual(actual: unknown, expected: unknown, message = "not the same"): void {
  if (!Object.is(actual, expected)) fail(`${message}: ${show(actual)}, expected ${show(expected)}`);
}

export function deepStrictEqual(actual: unknown, expected: unknown, message = "not equal"): void {
  if (!isEqual(actual, expected)) fail(`${message}: ${show(actual)}, expected ${show(expected)}`);
}

export function match(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) fail(`${show(text)} does not match ${pattern}`);
}

export function throws(work: () => unknown, check?: Check): void {
  try {
    work();
  } catch (error) {
    return checkError(error, check);
  }
  fail("nothing was thrown");
}

export async function rejects(
  work: Promise<unknown> | (() => Promise<unknown>),
  check?: Check,
): Promise<void> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    return checkError(error, check);
  }
  fail("nothing was rejected");
}

/** Asserts that `work` rejects with a coded error. */
export async function rejectsWith(code: string, work: () => unknown): Promise<void> {
  await rejects(async () => work(), { code });
}

function checkError(error: unknown, check: Check | undefined): void {
  const fits =
    check === undefined ||
    (check instanceof RegExp && check.test(String(error))) ||
    (typeof check === "function" && check(error)) ||
    (typeof check === "object" && !(check instanceof RegExp) && hasMembers(error, check));
  if (fits) return;
  fail(
    `another error: ${String(error)} ${show({ ...Object(error) })}${typeof check === "function" ? "" : `, expected ${show(check)}`}`,
  );
}

function hasMembers(error: unknown, members: Record<string, unknown>): boolean {
  const known = Object(error) as Record<string, unknown>;
  return Object.entries(members).every(([key, value]) => isEqual(known[key], value));
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof Uint8Array && b instanceof Uint8Array) return equalBytes(a, b);
  if (a instanceof Map || a instanceof Set) fail("maps and sets are not compared");
  const keys = Object.keys(a);
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key]))
  );
}

/** The default export of `node:assert/strict`. */
const assert = {
  deepEqual: deepStrictEqual,
  deepStrictEqual,
  equal: strictEqual,
  fail,
  match,
  ok: (value: unknown, message?: string): void => ok(value, message),
  rejects,
  strictEqual,
  throws,
};
// oxlint-disable-next-line import/no-default-export -- the module that it replaces has one
export default assert;
