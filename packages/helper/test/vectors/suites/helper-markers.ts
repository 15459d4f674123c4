/** Compares a result with an expectation that holds the markers of `helper-records.json`. */
import assert from "node:assert/strict";
import { assertMeets } from "./helper-passwords.ts";

/** Order of keys does not count, order of arrays does. */
export function assertMatches(actual: unknown, expected: unknown, path = "result"): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${path}: an array is expected`);
    assert.equal(actual.length, expected.length, `${path}: number of entries`);
    for (const [index, entry] of expected.entries()) assertMatches(actual[index], entry, `${path}[${index}]`);
    return;
  }
  if (typeof expected !== "object" || expected === null) {
    assert.deepEqual(actual, expected, path);
    return;
  }
  if ("$generatedPassword" in expected) {
    assertMeets(actual, expected.$generatedPassword, path);
    return;
  }
  if ("$placeholder" in expected) {
    assert.match(String(actual), /^<#ADD: [^]*>$/, path);
    if (typeof expected.$placeholder === "string") assert.equal(actual, `<#ADD: ${expected.$placeholder}>`, path);
    return;
  }
  assert.ok(typeof actual === "object" && actual !== null && !Array.isArray(actual), `${path}: an object is expected`);
  assert.deepEqual(Object.keys(actual).toSorted(), Object.keys(expected).toSorted(), `${path}: keys`);
  for (const [key, value] of Object.entries(expected)) {
    assertMatches((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
  }
}
