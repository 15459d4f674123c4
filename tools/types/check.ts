/**
 * `npm run types`: the type tests of every published package (`test-d`), compiled against the built declarations as npm
 * would install them, with each supported compiler and as each kind of consumer. `--only 5.7,7.0` takes some compilers.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "@ksmkit/tool-repo/workspace";
import { consumers, layOut } from "./consumer.ts";

const folder = join(root, "tmp/type-tests");
const { devDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
const prefix = "typescript-";
const all = Object.keys(devDependencies)
  .filter((name) => name.startsWith(prefix))
  .map((name) => name.slice(prefix.length));

const { values } = parseArgs({ options: { only: { type: "string" } } });
const versions = values.only?.split(",") ?? all;
const unknown = versions.filter((version) => !all.includes(version));
if (unknown.length > 0) {
  console.error(`usage: npm run types -- [--only ${all.join(",")}]`);
  process.exit(2);
}

const faults = layOut(folder);
const jobs = versions.flatMap((version) => consumers.map(({ name }) => ({ version, consumer: name })));
const total = jobs.length;
async function work(): Promise<void> {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    const started = performance.now();
    const output = await compile(job.version, job.consumer);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const name = `TypeScript ${job.version}, ${job.consumer}`;
    console.log(`${output === "" ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
    if (output !== "") faults.push(`${name}:\n${output}`);
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, work));
for (const fault of faults) console.error(fault);
console.log(`${total} combinations of ${versions.length} compilers, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** What the compiler says, "" when it is content. */
function compile(version: string, consumer: string): Promise<string> {
  const compiler = join(import.meta.dirname, "node_modules", `${prefix}${version}`, "bin/tsc");
  const args = [compiler, "-p", join(folder, `tsconfig.${consumer}.json`), "--pretty", "false"];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, timeout: 120_000 }, (error, stdout, stderr) => {
      resolve(error === null ? "" : `${stdout}${stderr}` || error.message);
    });
  });
}
