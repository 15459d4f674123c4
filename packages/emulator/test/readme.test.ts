import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { startVault } from "../src/index.ts";
import { help } from "../src/command/arguments.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
const [seed, faults] = [...readme.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml]) => parse(yaml ?? ""));

test("the README's seed starts a vault as printed: every link, folder and file resolves", async () => {
  await using vault = await startVault({ listen: false, tokens: 0, seed });
  expect(vault.warnings).toEqual([]);
  expect(vault.owner.recordUids()).toHaveLength(2);
});

test("the README's faults are accepted as printed", async () => {
  await using vault = await startVault({ listen: false, tokens: 0, faults });
  expect(vault.faults.pending).toBe(2);
});

test("no example needs syntax that the oldest supported Node lacks", () => {
  const code = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text).join("\n");
  expect(code).not.toMatch(/\bawait using\b|\busing \w+ =/);
});

test("no link leaves the package", () => {
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
  expect(targets.filter((target) => !/^#|^\.\/LICENSE$/.test(target ?? ""))).toEqual([]);
});

test("every flag is in the README and in the help text", () => {
  const flags = [...help.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag]) => flag);
  expect(flags.length).toBeGreaterThan(12);
  for (const flag of flags) {
    if (flag !== "help" && flag !== "version") expect(readme).toContain(`--${flag}`);
  }
});
