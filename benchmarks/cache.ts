/**
 * `node benchmarks/cache.ts [--json FILE] [--fleet]` (after a build): what `DisasterCache` adds to a call, hits from
 * memory, cold starts from a sealed cache
 * beside the online read in the same run, and with `--fleet` twenty processes on a redis-server.
 */
import { execFileSync, fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DisasterCache, ReadCache } from "@ksmkit/cache";
import { fileStore } from "@ksmkit/cache/node";
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import { startVault } from "@ksmkit/emulator";
import type { ColdResult, ColdTask } from "./clients/cache.ts";
import { runClient } from "./harness/client-process.ts";
import { median } from "./harness/statistics.ts";
import { startVaultProcess } from "./harness/vault-process.ts";

const { values } = parseArgs({
  options: { json: { type: "string" }, fleet: { type: "boolean", default: false } },
});
const results: Record<string, number> = {};
let missed = 0;

/** Prints a figure with its target, and keeps it. */
function note(name: string, value: number, unit: string, target?: { least?: number; most?: number }): void {
  results[name] = value;
  const { least = -Infinity, most = Infinity } = target ?? {};
  const promise = least > -Infinity ? `≥ ${least}` : most < Infinity ? `≤ ${most}` : "";
  const shown = value >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(2);
  console.log(`${name.padEnd(60)} ${shown.padStart(12)} ${unit.padEnd(4)} ${promise}`);
  if (value >= least && value <= most) return;
  missed++;
  console.error(`over target: ${name}`);
}

await addedCost();
await hits();
await coldStarts(10_000);
if (values.fleet) fleet();
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
process.exitCode = missed > 0 ? 1 : 0;

/** One record read again and again with an unchanged response: the processor time that the cache on disk adds. */
async function addedCost(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "ksmkit-bench-added-"));
  await using vault = await startVault({ listen: false, generate: 100, rateLimit: false, tokens: 2 });
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const cache = new DisasterCache({ store: fileStore({ directory }) });
  const [plain, cached] = [[], [cache.middleware]].map(
    (middleware, index) =>
      new SecretsManager({
        storage: memoryStorage(),
        token: oneTimeTokens[index],
        hostname,
        serverPublicKey,
        serverPublicKeyId,
        fetch: vault.fetch,
        middleware,
      }),
  );
  if (plain === undefined || cached === undefined) throw new Error("two clients are needed");
  const [uid = ""] = vault.owner.recordUids();
  const costMs = async (manager: SecretsManager): Promise<number> => {
    const calls = 200;
    const cpu = process.cpuUsage();
    for (let call = 0; call < calls; call++) await manager.getSecrets({ uids: [uid] });
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1000 / calls;
  };
  try {
    const added: number[] = [];
    for (let round = 0; round < 12; round++) {
      const bare = await costMs(plain);
      added.push((await costMs(cached)) - bare);
    }
    // The first rounds compile the code.
    note("DisasterCache: CPU added to an unchanged read of one record", median(added.slice(2)), "ms", {
      most: 1,
    });
  } finally {
    plain.close();
    cached.close();
    await rm(directory, { recursive: true });
  }
}

/** Reads that are served from memory. */
async function hits(): Promise<void> {
  await using vault = await startVault({ listen: false, generate: 100 });
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const client = new SecretsManager({
    storage: memoryStorage(),
    token: oneTimeTokens[0],
    hostname,
    serverPublicKey,
    serverPublicKeyId,
    fetch: vault.fetch,
  });
  using cache = new ReadCache({ client, ttlMs: 3_600_000 });
  const uids = (await cache.getSecrets()).records.map(({ uid }) => uid);
  const requests = vault.log.length;
  const ways: Record<string, (at: number) => Promise<unknown>> = {
    "getRecord(uid)": (at) => cache.getRecord(uids[at % uids.length] ?? ""),
    "getSecrets()": () => cache.getSecrets(),
    "getSecrets({ uids })": (at) => cache.getSecrets({ uids: uids[at % uids.length] }),
  };
  for (const [name, read] of Object.entries(ways)) {
    const rates: number[] = [];
    for (let round = 0; round < 12; round++) {
      const count = 300_000;
      const started = performance.now();
      for (let at = 0; at < count; at++) await read(at);
      rates.push((count * 1000) / (performance.now() - started));
    }
    note(
      `hits: ${name}, one after the other`,
      median(rates.slice(2)),
      "/s",
      name === "getRecord(uid)" ? { least: 2_000_000 } : {},
    );
  }
  note("requests to the service during the hits", vault.log.length - requests, "", { most: 0 });
}

/** Everything read in a fresh process, from the service and from the sealed cache in turn. */
async function coldStarts(records: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "ksmkit-bench-cache-"));
  await using vault = await startVaultProcess(records);
  const { caFile, oneTimeTokens, ...server } = vault.facts;
  try {
    const bind = { name: "bind", config: oneTimeTokens[0] ?? "", ...server, calls: 1, warmUps: 0 } as const;
    const config = await runClient<string>("ksmkit", bind, caFile);
    const cold = (from: ColdTask["from"], lazy: boolean): Promise<ColdResult> =>
      runCold({ config, directory, from, lazy }, caFile);
    await cold("warm", true);
    for (const lazy of [false, true]) {
      const service: ColdResult[] = [];
      const cache: ColdResult[] = [];
      for (let round = 0; round < 7; round++) {
        service.push(await cold("service", lazy));
        cache.push(await cold("cache", lazy));
      }
      const how = lazy ? "lazy" : "all opened";
      const wall = (list: ColdResult[]): number => median(list.map(({ wallMs }) => wallMs));
      if (cache.some((result) => result.records !== service[0]?.records))
        throw new Error("records are missing");
      note(`cold start, ${records} records, ${how}: service`, wall(service), "ms");
      note(`cold start, ${records} records, ${how}: cache`, wall(cache), "ms");
      // Opening every record costs the same on both sides; what the cache saves is everything before that.
      note(
        `cold start, ${records} records, ${how}: ratio`,
        wall(cache) / wall(service),
        "×",
        lazy ? { most: 0.5 } : {},
      );
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

function runCold(task: ColdTask, caFile: string): Promise<ColdResult> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("clients/cache.ts", import.meta.url)), {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
      execArgv: [],
    });
    child.once("message", (result) => {
      resolve(result as ColdResult);
      child.disconnect();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the client ended with ${code} and no result`)));
    child.send(task);
  });
}

/** Twenty processes, fifty reads a second each, for ten seconds, TTL two seconds. */
function fleet(): void {
  const program = fileURLToPath(new URL("../packages/cache/test/redis/programs/fleet.ts", import.meta.url));
  const args = ["--conditions=ksmkit-source", "--no-warnings", program, "20", "50", "10", "2000"];
  const result = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", timeout: 180_000 })) as {
    reads: number;
    failures: number;
    serviceRequests: number;
  };
  note("fleet: reads of 20 processes in 10 s", result.reads, "", { least: 10_000 });
  note("fleet: reads that failed", result.failures, "", { most: 0 });
  note("fleet: requests to the service", result.serviceRequests, "", { most: 8 });
}
