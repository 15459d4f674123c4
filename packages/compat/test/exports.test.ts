/** Our names are the official ones: run-time names from its Node entry, type names from its declarations. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import * as ours from "../src/index.ts";

const require = createRequire(import.meta.url);
const entry = require.resolve("@keeper-security/secrets-manager-core");
const declarations = join(dirname(entry), "node", "index.d.ts");

/** Names that a declaration file exports, following `export * from`. */
function exportedNames(path: string): Set<string> {
  const text = readFileSync(path, "utf8");
  const names = new Set<string>();
  for (const [, name] of text.matchAll(
    /^export (?:declare )?(?:abstract )?(?:const|let|function|class|enum|type|interface) (\w+)/gm,
  )) {
    names.add(name ?? "");
  }
  for (const [, list] of text.matchAll(/^export \{([^}]*)\}/gm)) {
    for (const item of (list ?? "").split(",")) {
      const name = item
        .trim()
        .replace(/^type /, "")
        .split(" as ")
        .at(-1);
      if (name) names.add(name);
    }
  }
  for (const [, from] of text.matchAll(/^export \* from ['"]([^'"]+)['"]/gm)) {
    for (const name of exportedNames(join(dirname(path), `${from}.d.ts`))) names.add(name);
  }
  return names;
}

/** Names that our sources export, run-time and type, from the text of `src/index.ts` and what it passes on whole. */
function ourNames(): Set<string> {
  const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
  const names = new Set<string>();
  for (const [, list] of index.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
    for (const item of (list ?? "").split(",")) {
      const name = item.trim().replace(/^type /, "");
      if (name) names.add(name);
    }
  }
  for (const [, from] of index.matchAll(/^export (?:type )?\* from "([^"]+)"/gm)) {
    const text = readFileSync(new URL(`../src/${from}`, import.meta.url), "utf8");
    for (const [, name] of text.matchAll(/^export (?:class|type) (\w+)/gm)) names.add(name ?? "");
  }
  return names;
}

describe("exports", () => {
  it("has every run-time name of the official Node entry, and no other", () => {
    const official = Object.keys(require(entry) as object).filter((name) => name !== "__esModule");
    expect(Object.keys(ours).toSorted()).toEqual(official.toSorted());
    expect(official.length).toBeGreaterThan(90);
  });

  it("has every type name of the official declarations, and no other", () => {
    const official = exportedNames(declarations);
    expect([...ourNames()].toSorted()).toEqual([...official].toSorted());
    expect(official).toContain("SecretManagerOptions");
    expect(official).toContain("PamRbiConnection");
  });

  it("has functions that take as many arguments, and classes of the same ancestry", () => {
    const official = require(entry) as Record<string, unknown>;
    for (const [name, value] of Object.entries(ours) as [string, unknown][]) {
      expect(typeof value, name).toBe(typeof official[name]);
      if (typeof value !== "function" || typeof official[name] !== "function") continue;
      if (!name.endsWith("Field") || name === "addCustomField") continue;
      expect(Object.getPrototypeOf(value) === Function.prototype, name).toBe(
        Object.getPrototypeOf(official[name]) === Function.prototype,
      );
    }
  });

  it("has a platform with the official members", () => {
    const official = (require(entry) as typeof ours).platform;
    expect(Object.keys(ours.platform).toSorted()).toEqual(Object.keys(official).toSorted());
  });
});
