/** The README's table names every export, each once. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as ours from "../src/index.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

it("lists every run-time and type name in the migration table, each once", () => {
  const table = read("../README.md").split("### Every name")[1]?.split("###")[0] ?? "";
  const listed = [...table.matchAll(/^\| ((?:`\w+`(?:, )?)+)/gm)].flatMap(([, cell = ""]) =>
    Array.from(cell.matchAll(/`(\w+)`/g), ([, name = ""]) => name),
  );
  const values = read("../src/fields/field-values.ts");
  const types = [
    ...Array.from(values.matchAll(/^export type (\w+)/gm), ([, name = ""]) => name),
    ...Array.from(read("../src/index.ts").matchAll(/type (\w+),/g), ([, name = ""]) => name),
    ...(/export type \{([^}]*)\}/.exec(read("../src/index.ts"))?.[1]?.match(/\w+/g) ?? []),
  ];
  expect(new Set(listed).size).toBe(listed.length);
  expect(listed.toSorted()).toEqual([...Object.keys(ours), ...types].toSorted());
});
