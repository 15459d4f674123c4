/** What the package says of itself is so. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as main from "../src/index.ts";
import * as node from "../src/node/index.ts";
import * as redis from "../src/redis/index.ts";
import * as testing from "../src/testing/index.ts";

const root = join(import.meta.dirname, "..");
const list = readFileSync(join(root, "src/errors/codes.ts"), "utf8");
const documented = [...list.matchAll(/\/\*\* (.+) \*\/\n {2}\| "(ERR_CACHE_\w+)"/g)].map(
  ([, when = "", code = ""]) => ({ code, when }),
);

it("throws every code of the list and no other", () => {
  const thrown = new Set<string>();
  for (const file of globSync("src/**/*.ts", { cwd: root })) {
    if (file.endsWith("codes.ts")) continue;
    for (const [code] of readFileSync(join(root, file), "utf8").matchAll(/ERR_CACHE_[A-Z_]+(?!\*)/g))
      thrown.add(code);
  }
  expect([...thrown].filter((code) => code !== "ERR_CACHE_").toSorted()).toEqual(
    documented.map(({ code }) => code).toSorted(),
  );
});

it("explains every code in the README, with the sentence of the list", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const rows = [...readme.matchAll(/^\| `(ERR_CACHE_\w+)` +\| (.+?) +\| (.+?) +\|$/gm)];
  expect(rows.map(([, code, when]) => ({ code, when }))).toEqual(documented);
});

it("names every kind of event in the README", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const kinds = [...readFileSync(join(root, "src/event.ts"), "utf8").matchAll(/^ {2}\| "([a-z-]+)"/gm)];
  expect(kinds.length).toBeGreaterThan(5);
  for (const [, kind] of kinds) expect(readme).toContain(`\`${kind}\``);
});

it("exports what the README uses", () => {
  expect(Object.keys(main).toSorted()).toEqual([
    "CacheError",
    "DisasterCache",
    "ReadCache",
    "SharedCache",
    "memorySharedStore",
    "memoryStore",
    "readOfficialCache",
    "unstorageStore",
    "writeOfficialCache",
  ]);
  expect(Object.keys(node).toSorted()).toEqual(["cacheDirectory", "fileStore", "officialCacheFile"]);
  expect(Object.keys(redis).toSorted()).toEqual(["redisSharedStore", "redisStore"]);
  expect(Object.keys(testing).toSorted()).toEqual(["cacheStoreConformance", "sharedStoreConformance"]);
});
