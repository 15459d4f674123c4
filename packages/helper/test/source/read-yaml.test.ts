import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readYaml } from "../../src/source/read-yaml.ts";
import { printYaml } from "../../src/templates/print-template.ts";

async function valueOf(text: string): Promise<unknown> {
  const document = await readYaml(text);
  if (document.fault) throw new Error(document.fault.message);
  return document.value;
}

async function faultOf(text: string): Promise<string> {
  const { fault } = await readYaml(text);
  return fault ? `${fault.position.line}:${fault.position.column} ${fault.message}` : "no fault";
}

describe("readYaml", () => {
  it.each<[string, unknown]>([
    ["a: 007", { a: "007" }],
    [
      "a: true\nb: no\nc: 1e3\nd: 2020-01-01\ne: 0x1F",
      { a: "true", b: "no", c: "1e3", d: "2020-01-01", e: "0x1F" },
    ],
    ["[~, null, Null, NULL, '', \"null\", '~', nuLL]", [null, null, null, null, "", "null", "~", "nuLL"]],
    ["a:\nb: # nothing", { a: null, b: null }],
    ["a: |\n  x\n  y\nb: >-\n  x\n  y", { a: "x\ny\n", b: "x y" }],
    ["a: &x [1, &y two]\nb: *x\nc: *y", { a: ["1", "two"], b: ["1", "two"], c: "two" }],
    ["a: !!int 5\nb: !custom x", { a: "5", b: "x" }],
    ["<<: {a: 1}", { "<<": { a: "1" } }],
    ["", null],
    ["--- # empty", null],
    ['{"a": [1, "b"]}', { a: ["1", "b"] }],
    ["\uFEFFa: b", { a: "b" }],
  ])("reads %j", async (text, value) => {
    expect(await valueOf(text)).toEqual(value);
  });

  it.each([
    ["a: 1\na: 2", "2:1 this key is repeated in the mapping"],
    ["a: 1\n---\nb: 2", "2:1 only one document is read"],
    ["a:\n\tb: 1", "2:1 tabs may not indent"],
    ["a: 'x", "1:6 a character is missing here, such as a closing quote or bracket"],
    ["? [a]\n: b", "1:3 keys must be text"],
    ["a: *nowhere", "1:4 "],
    ["a: &x [*x]", "1:8 this alias stands inside its own anchor"],
  ])("says where %j goes wrong", async (text, fault) => {
    expect(await faultOf(text)).toContain(fault);
  });

  it("does not expand aliases without end", async () => {
    const lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level <= 12; level++) {
      const aliases = Array.from({ length: 10 }, () => `*l${level - 1}`).join(", ");
      lines.push(`l${level}: &l${level} [${aliases}]`);
    }
    expect(await faultOf(lines.join("\n"))).toMatch(/^5:\d+ the aliases expand to too many values$/);
  });

  it("ends on deep nesting", async () => {
    expect(await faultOf("[".repeat(300) + "]".repeat(300))).toContain("at most 200 levels");
    expect(await faultOf("[".repeat(100_000))).not.toBe("no fault");
  });

  it("never quotes the text in a fault", async () => {
    for (const text of [
      "password: 'hunter2",
      "hunter2: [",
      "a: *hunter2",
      "- hunter2\nb",
      "\thunter2: a",
      "%hunter2",
    ]) {
      expect(await faultOf(text)).not.toContain("hunter2");
    }
  });

  it("ends every text with a value or a fault", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(..."ab:-[]{}&*!|>'\"%@#?, \n\t~".split("")), maxLength: 40 }),
        async (text) => {
          const document = await readYaml(text);
          expect(document.fault === undefined || document.fault.message !== "").toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("printYaml", () => {
  it("prints what any reader reads back", async () => {
    const leaf = fc.string({ unit: "binary", maxLength: 12 });
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
        fc.dictionary(leaf, tie("tree"), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        expect(await valueOf(printYaml(value))).toEqual(value);
      }),
      { numRuns: 400 },
    );
  });

  it("prints scalars and empty collections in place", () => {
    expect(printYaml({ a: null, b: true, c: 1, d: [], e: {}, f: "yes", g: "plain text", h: "# no" })).toBe(
      'a: null\nb: true\nc: 1\nd: []\ne: {}\nf: "yes"\ng: plain text\nh: "# no"\n',
    );
  });
});
