/** One cold read of everything in a process of its own: from the service, or from a sealed cache. */
import { DisasterCache } from "@ksmkit/cache";
import { fileStore } from "@ksmkit/cache/node";
import { memoryStorage, SecretsManager } from "@ksmkit/core";

/** What to read, and how. */
export interface ColdTask {
  config: string;
  directory: string;
  /** `warm` fills the cache and measures nothing. */
  from: "service" | "cache" | "warm";
  lazy: boolean;
}

/** What it took, in milliseconds. */
export interface ColdResult {
  wallMs: number;
  cpuMs: number;
  records: number;
}

async function run({ config, directory, from, lazy }: ColdTask): Promise<ColdResult> {
  const store = fileStore({ directory });
  const cache = new DisasterCache({ store, offline: from === "cache" ? "only" : "fallback" });
  const middleware = from === "service" ? [] : cache.middleware;
  using manager = new SecretsManager({ storage: memoryStorage(config), middleware });
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { records } = await manager.getSecrets({ lazy });
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000, records: records.length };
}

process.once("message", (task: ColdTask) => {
  void run(task).then((result) => process.send?.(result));
});
