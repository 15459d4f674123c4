/** The suite's own assertions must refuse what `node:assert/strict` refuses: everything else rests on them. */
import strict from "node:assert/strict";
import { describe, expect, it } from "vitest";
import * as own from "../suite/assert.ts";

class Named {
  readonly value = 1;
}

const bytes = new Uint8Array([1, 2, 3]);
const pairs: Record<string, [unknown, unknown]> = {
  "equal texts": ["a", "a"],
  "text and number": ["1", 1],
  "NaN and NaN": [Number.NaN, Number.NaN],
  "zero and minus zero": [0, -0],
  "null and undefined": [null, undefined],
  "equal objects in another order": [
    { a: 1, b: [2] },
    { b: [2], a: 1 },
  ],
  "a member more": [{ a: 1 }, { a: 1, b: 2 }],
  "a member that is undefined": [{ a: 1 }, { a: 1, b: undefined }],
  "another name for the same value": [{ a: undefined }, { b: undefined }],
  "deep difference": [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
  "array and object": [[1], { 0: 1 }],
  "another length": [[1, 2], [1]],
  "a class and its plain twin": [new Named(), { value: 1 }],
  "two of a class": [new Named(), new Named()],
  "an object without prototype": [Object.create(null), {}],
  "equal bytes": [bytes, new Uint8Array([1, 2, 3])],
  "other bytes": [bytes, new Uint8Array([1, 2, 4])],
  "bytes and a view of more": [bytes, new Uint8Array([0, 1, 2, 3]).subarray(1)],
  "bytes and Buffer": [bytes, Buffer.from(bytes)],
  "equal dates": [new Date(5), new Date(5)],
  "other dates": [new Date(5), new Date(6)],
};

function refuses(check: () => void): boolean {
  try {
    check();
    return false;
  } catch {
    return true;
  }
}

describe("assertions of the conformance suite", () => {
  it.each(Object.entries(pairs))("compare %s as node:assert/strict does", (_, [a, b]) => {
    expect(refuses(() => own.deepStrictEqual(a, b))).toBe(refuses(() => strict.deepStrictEqual(a, b)));
    expect(refuses(() => own.strictEqual(a, b))).toBe(refuses(() => strict.strictEqual(a, b)));
    expect(refuses(() => own.ok(a))).toBe(refuses(() => strict.ok(a)));
  });

  it("refuse work that does not fail, or fails otherwise", async () => {
    const fail = (): never => {
      throw Object.assign(new Error("x"), { code: "ERR_X" });
    };
    const failing = async (): Promise<never> => fail();
    expect(refuses(() => own.throws(() => 1))).toBe(true);
    expect(refuses(() => own.throws(fail, { code: "ERR_Y" }))).toBe(true);
    expect(refuses(() => own.throws(fail, () => false))).toBe(true);
    expect(refuses(() => own.throws(fail, /y/))).toBe(true);
    expect(refuses(() => own.throws(fail, { code: "ERR_X" }))).toBe(false);
    await expect(own.rejects(async () => 1)).rejects.toThrow("nothing was rejected");
    await expect(own.rejects(failing, { code: "ERR_Y" })).rejects.toThrow("another error");
    await expect(own.rejects(failing(), { code: "ERR_X" })).resolves.toBeUndefined();
  });

  it("refuse to compare what they cannot", () => {
    expect(refuses(() => own.deepStrictEqual(new Map(), new Map()))).toBe(true);
  });
});
