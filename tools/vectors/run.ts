/**
 * `npm run vectors -- --dir DIR [--provider web]`: runs every vector suite of the packages against the files found
 * in DIR, on Node's cryptography or on the one that browsers and workers get. The last line printed is JSON with
 * the counts and the ids of the failed cases.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { useWebPlatform } from "./web-platform.ts";

interface VectorCase {
  id: string;
}

/** What each file in `packages/<name>/test/vectors/suites` exports as `suite`. */
interface VectorSuite {
  /** Name of the vector file, for example `ksm-token.json`. */
  file: string;
  /** The cases of the parsed file. Default: its `cases` array. */
  cases?(file: unknown): readonly VectorCase[];
  /** Rejects when the case does not come out as the file says. */
  run(vectorCase: VectorCase, file: unknown): Promise<void>;
}

interface FileResult {
  file: string;
  passed: number;
  failed: number;
  failures: string[];
}

const root = resolve(import.meta.dirname, "../..");
const caseLimitMs = 30_000;

function isSuite(value: unknown): value is VectorSuite {
  return typeof value === "object" && value !== null && "file" in value && "run" in value;
}

function hasCases(value: unknown): value is { cases: readonly VectorCase[] } {
  return typeof value === "object" && value !== null && "cases" in value && Array.isArray(value.cases);
}

async function loadSuites(): Promise<VectorSuite[]> {
  const paths = globSync("packages/*/test/vectors/suites/*.ts", { cwd: root }).sort();
  const modules = await Promise.all(
    paths.map((path) => import(pathToFileURL(join(root, path)).href) as Promise<Record<string, unknown>>),
  );
  return modules.map((module) => module["suite"]).filter(isSuite);
}

/** A case that never settles is a failure, not a hang. */
async function settle(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result within ${caseLimitMs} ms`)), caseLimitMs);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

async function runSuite(suite: VectorSuite, path: string): Promise<FileResult> {
  const file: unknown = JSON.parse(readFileSync(path, "utf8"));
  const cases = suite.cases?.(file) ?? (hasCases(file) ? file.cases : []);
  const result: FileResult = { file: suite.file, passed: 0, failed: 0, failures: [] };
  if (cases.length === 0) throw new Error(`${suite.file} holds no cases`);
  for (const vectorCase of cases) {
    try {
      await settle(suite.run(vectorCase, file));
      result.passed++;
    } catch (error) {
      result.failed++;
      result.failures.push(vectorCase.id);
      console.error(
        `${suite.file} ${vectorCase.id}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return result;
}

const { values } = parseArgs({
  options: { dir: { type: "string" }, provider: { type: "string", default: "node" } },
});
if (values.dir === undefined || !existsSync(values.dir) || !["node", "web"].includes(values.provider)) {
  console.error(
    "usage: npm run vectors -- --dir DIR [--provider node|web] (DIR: an existing folder of vector files)",
  );
  process.exit(2);
}
if (values.provider === "web") await useWebPlatform();

const files: FileResult[] = [];
for (const suite of await loadSuites()) {
  const path = join(values.dir, suite.file);
  if (existsSync(path)) files.push(await runSuite(suite, path));
  else console.error(`${suite.file}: not in ${values.dir}, skipped`);
}
const passed = files.reduce((sum, { passed }) => sum + passed, 0);
const failed = files.reduce((sum, { failed }) => sum + failed, 0);
console.log(JSON.stringify({ files, passed, failed }));
process.exitCode = failed > 0 ? 1 : 0;
