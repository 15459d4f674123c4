/** Copies of JSON values, for keys that are kept although they are unknown. */
import { isJsonObject } from "@ksmkit/common";

const maxDepth = 100;

/**
 * Copies what JSON can hold. Members that are `undefined` are left out, whole numbers beyond 2^53 become plain numbers.
 *
 * @returns the copy; `undefined` when the value holds anything else: functions, cycles, numbers that are not finite.
 */
export function copyJson(value: unknown, depth = 0): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (depth > maxDepth) return undefined;
  if (Array.isArray(value)) {
    const copy = value.map((entry) => copyJson(entry, depth + 1));
    return copy.includes(undefined) ? undefined : copy;
  }
  if (!isJsonObject(value) || value instanceof Date) return undefined;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const copied = copyJson(member, depth + 1);
    if (copied === undefined) return undefined;
    setMember(copy, key, copied);
  }
  return copy;
}

/** Sets a member of any name: `__proto__` becomes a key like any other instead of changing the object. */
export function setMember(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
