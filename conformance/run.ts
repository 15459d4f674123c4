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
import { runLimitMs, type RunOnRuntime } from "./runtimes/runtime.ts";
import { within } from "./suite/run-cases.ts";
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
  const requested = only.split(",").map((name) => name.trim());
  const unknown = requested.filter((name) => !names.some((known) => known === name));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(", ")}\nusage: npm run conformance -- --only ${names.join(",")}`);
    process.exit(2);
  }
  return names.filter((name) => requested.includes(name));
}

async function runOne(runtime: RuntimeName, index: number, { ksm }: LocalVault): Promise<MatrixRow> {
  // Progress goes to standard error; standard output holds the table.
  console.error(`${runtime} …`);
  const started = performance.now();
  const { hostname, serverPublicKey, serverPublicKeyId, oneTimeTokens, caFile } = ksm;
  const tokens = oneTimeTokens.slice(index * tokensEach, (index + 1) * tokensEach);
  const vault = { hostname, serverPublicKey, serverPublicKeyId, tokens };
  let result: MatrixRow["result"];
  try {
    const ca = await readFile(caFile, "utf8");
    result = await within(2 * runLimitMs, runners[runtime]({ runtime, vault, ca }));
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
// A runtime that never responds must not keep the command from ending.
process.exit(total("failed") > 0 ? 1 : 0);
