/** A script that imports, configures itself from the environment, reads one secret and ends: one process each. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { bindBoth } from "../harness/bind-both.ts";
import { runClient } from "../harness/client-process.ts";
import { compiledClients } from "../harness/compile-clients.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";
import { startVaultProcess } from "../harness/vault-process.ts";

interface Cost {
  cpuMs: number;
  wallMs: number;
}

const run = promisify(execFile);
const limitMs = 60_000;

async function runScript(name: string, env: Record<string, string>): Promise<Cost> {
  const options = { env: { ...process.env, ...env }, timeout: limitMs };
  const { stdout } = await run(process.execPath, [join(compiledClients, `${name}.js`)], options);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Cost;
}

/** Measures both scripts, alternating. */
export async function serverlessFigures(rounds: number): Promise<Figure[]> {
  await using vault = await startVaultProcess(100);
  const { caFile } = vault.facts;
  const { ours, theirs } = await bindBoth(vault.facts);
  const list = { name: "uids", config: ours, calls: 1, warmUps: 0 } as const;
  const [uid = ""] = await runClient<string[]>("ksmkit", list, caFile);
  const common = { RECORD_UID: uid, NODE_EXTRA_CA_CERTS: caFile };
  const costs: { ours: Cost[]; theirs: Cost[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds * 5; round++) {
    costs.ours.push(await runScript("serverless-ksmkit", { ...common, KSM_CONFIG: ours }));
    costs.theirs.push(await runScript("serverless-vendor", { ...common, KSM_CONFIG: theirs }));
  }
  const of = (side: Cost[], quantity: keyof Cost): number => median(side.map((cost) => cost[quantity]));
  const label = "serverless script, one secret";
  return [
    figure(`${label}: CPU`, "ms", of(costs.ours, "cpuMs"), of(costs.theirs, "cpuMs"), {
      most: 1,
      reason:
        "the first call loads Node's HTTPS and cryptography, as the vendor's import does, and our bundle is the larger one.",
    }),
    figure(`${label}: wall`, "ms", of(costs.ours, "wallMs"), of(costs.theirs, "wallMs")),
  ];
}
