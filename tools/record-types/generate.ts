/**
 * Writes the tables of `packages/helper/src/tables` from `packages/helper/test/vectors/record-types.json`.
 * Run after that file changes: `node tools/record-types/generate.ts`. With `--check` it only lists the tables that differ;
 * a test does that.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { emitEnumTable, emitFieldTypeTable, emitRecordTypeTable } from "./emit-tables.ts";
import { emitFieldValues, emitRecordTypeMap } from "./emit-types.ts";
import type { RecordTypesFile } from "./record-types-file.ts";

const root = resolve(import.meta.dirname, "../..");
const source = "packages/helper/test/vectors/record-types.json";
const target = "packages/helper/src/tables";

/** The generated files: path from the root to text, in the repository's format. */
function generateTables(): Map<string, string> {
  const file = JSON.parse(readFileSync(join(root, source), "utf8")) as RecordTypesFile;
  const files: Record<string, string> = {
    "enum-table.ts": emitEnumTable(file),
    "field-type-table.ts": emitFieldTypeTable(file),
    "record-type-table.ts": emitRecordTypeTable(file),
    "field-values.ts": emitFieldValues(file),
    "record-type-map.ts": emitRecordTypeMap(file),
  };
  return new Map(
    Object.entries(files).map(([name, text]) => [`${target}/${name}`, formatted(`${target}/${name}`, text)]),
  );
}

function formatted(path: string, text: string): string {
  const { status, stdout, stderr } = spawnSync(
    join(root, "node_modules/.bin/oxfmt"),
    [`--stdin-filepath=${path}`],
    { cwd: root, input: text, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`oxfmt does not take ${path}: ${stderr}`);
  return stdout;
}

const isCheck = process.argv.includes("--check");
for (const [path, text] of generateTables()) {
  const file = join(root, path);
  if (!isCheck) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    console.error(`${path} is not what the generator makes`);
    process.exitCode = 1;
  }
}
