import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as main from "../src/index.ts";
import * as node from "../src/node/index.ts";
import * as schema from "../src/schema/index.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");
const namesIn = (path: string): string[] =>
  Object.keys(path === "." ? main : path === "./node" ? node : schema).toSorted();

describe("the package", () => {
  it("exports what it promises and no more", () => {
    expect(namesIn(".")).toEqual([
      "RecordHelperError",
      "RecordType",
      "TypeRegistry",
      "defineRecordType",
      "field",
      "fieldTemplate",
      "fieldTypeNames",
      "generate",
      "isRecordUid",
      "parseFieldArgument",
      "printTemplate",
      "readRecord",
      "record",
      "recordFromArguments",
      "recordFromObject",
      "recordTemplate",
      "recordTypeNames",
      "recordsFromData",
      "recordsFromText",
      "slot",
      "toEpochMilliseconds",
      "totpUri",
      "typeFile",
      "uid",
      "validate",
    ]);
    expect(namesIn("./node")).toEqual(["loadTypeDirectory", "loadTypeFile", "recordsFromFile"]);
    expect(namesIn("./schema")).toEqual(["fieldSchema", "recordJsonSchema", "recordSchema", "validateWith"]);
  });

  it("imports nothing of Node outside its entry, and YAML only when it is read", () => {
    for (const path of globSync("src/**/*.ts", { cwd: root })) {
      const text = read(path);
      if (!path.startsWith("src/node/")) expect(text, path).not.toMatch(/from "node:/);
      expect(text, path).not.toMatch(/^import (?!type\b).* from "yaml"/m);
    }
  });

  it("throws every code that it lists, tests it and documents it", () => {
    const codes = Array.from(
      read("src/errors/codes.ts").matchAll(/\| "(ERR_HELPER_\w+)"/g),
      ([, code = ""]) => code,
    );
    const sources = globSync("src/**/*.ts", { cwd: root, exclude: (path) => path.endsWith("codes.ts") })
      .map(read)
      .join();
    const tests = globSync("test/**/*.ts", { cwd: root }).map(read).join();
    const vectors = read("test/vectors/helper-records.json");
    const table = read("README.md");
    expect(codes.length).toBeGreaterThan(40);
    for (const code of codes) {
      const bare = code.replace("ERR_HELPER_", "");
      expect(sources, code).toContain(`"${code}"`);
      expect(tests.includes(bare) || vectors.includes(`"${bare}"`), `${code} is tested`).toBe(true);
      expect(table, code).toContain(`\`${bare}\``);
    }
  });
});
