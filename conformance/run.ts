/**
 * `npm run conformance [-- --only node20,deno]`: one suite over the built packages on every runtime, against a local
 * vault. Prints a table; the last line is `N passed, N failed`, and the exit code 1 when anything failed.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startLocalVault, type LocalVault } from "@ksmkit/tool-local-vault";
import { bundleSuite } from "./runtimes/bundle-suite.ts";
import { runInChromium } from "./runtimes/chromium.ts";
import { processes } from "./runtimes/processes.ts";
import { runInWorkerd } from "./runtimes/workerd.ts";
import type { RunOnRuntime } from "./runtimes/runtime.ts";
import { runtimeTable, type RuntimeName } from "./suite/runtime-table.ts";
import { count, matrixTable, type MatrixRow } from "./table.ts";

const names = Object.keys(runtimeTable) as RuntimeName[];
const tokensEach = 8;

const runners: Record<RuntimeName, RunOnRuntime> = {
  ...processes,
  workerd: runInWorkerd,
  chromium: runInChromium,
};

function chosen(only: string | undefined): RuntimeName[] {
  if (only === undefined) return names;
  const asked = only.split(",").map((name) => name.trim());
  const unknown = asked.filter((name) => !names.some((known) => known === name));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(", ")}\nusage: npm run conformance -- --only ${names.join(",")}`);
    process.exit(2);
  }
  return names.filter((name) => asked.includes(name));
}

async function runOne(runtime: RuntimeName, index: number, { ksm }: LocalVault): Promise<MatrixRow> {
  const started = performance.now();
  const { hostname, serverPublicKey, serverPublicKeyId, oneTimeTokens, caFile } = ksm;
  const tokens = oneTimeTokens.slice(index * tokensEach, (index + 1) * tokensEach);
  const vault = { hostname, serverPublicKey, serverPublicKeyId, tokens };
  let result: MatrixRow["result"];
  try {
    result = await runners[runtime]({ runtime, vault, ca: await readFile(caFile, "utf8") });
  } catch (error) {
    result = { broken: error instanceof Error ? error.message : String(error) };
  }
  return { runtime, result, seconds: (performance.now() - started) / 1000 };
}

const { values } = parseArgs({ options: { only: { type: "string" } } });
const runtimes = chosen(values.only);
await bundleSuite();
const rows: MatrixRow[] = [];
{
  await using vault = await startLocalVault([
    "--tokens",
    String(names.length * tokensEach),
    "--no-rate-limit",
  ]);
  for (const [index, runtime] of runtimes.entries()) rows.push(await runOne(runtime, index, vault));
}
const counts = rows.map(count);
const total = (key: "passed" | "failed"): number => counts.reduce((sum, each) => sum + each[key], 0);
console.log(matrixTable(rows));
console.log(`\n${total("passed")} passed, ${total("failed")} failed`);
process.exitCode = total("failed") > 0 ? 1 : 0;
