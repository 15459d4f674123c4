import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { VectorSuite } from "./suites/vector-suite.ts";

/** Runs every case of a suite over the copy of its vector file beside this one, and holds their number. */
export function describeSuite(suite: VectorSuite, count: number): void {
  const file: unknown = JSON.parse(readFileSync(new URL(suite.file, import.meta.url), "utf8"));
  const cases = suite.cases?.(file) ?? casesOf(file);

  describe(`vectors ${suite.file}`, () => {
    it(`has ${count} cases with ids of their own`, () => {
      expect(new Set(cases.map(({ id }) => id)).size).toBe(count);
      expect(cases).toHaveLength(count);
    });
    it.each(cases)("$id", async (vectorCase) => {
      await expect(suite.run(vectorCase, file)).resolves.toBeUndefined();
    });
  });
}

function casesOf(file: unknown): readonly { readonly id: string }[] {
  return (file as { cases: { id: string }[] }).cases;
}
