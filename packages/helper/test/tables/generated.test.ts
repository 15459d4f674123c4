import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { generateTables } from "../../../../tools/record-types/generate.ts";

const root = new URL("../../../../", import.meta.url);

describe("the generated tables", () => {
  const files = generateTables();

  it("are five", () => {
    expect([...files.keys()].map((path) => path.split("/").at(-1)).toSorted()).toEqual([
      "enum-table.ts",
      "field-type-table.ts",
      "field-values.ts",
      "record-type-map.ts",
      "record-type-table.ts",
    ]);
  });

  it.each([...files])("%s is what the generator makes of record-types.json", (path, text) => {
    expect(readFileSync(fileURLToPath(new URL(path, root)), "utf8")).toBe(text);
  });
});
