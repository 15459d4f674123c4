/**
 * One replica of a fleet: reads everything through a shared cache at a steady rate, once told to begin.
 * Arguments: facts as JSON. Sends "ready", waits for "go", sends what became of its reads.
 */
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import { createClient } from "redis";
import { redisSharedStore } from "../../../src/redis/redis-shared-store.ts";
import { SharedCache } from "../../../src/shared/shared-cache.ts";

/** What a replica needs. */
export interface ReplicaFacts {
  config: string;
  ca: string;
  socket: string;
  ttlMs: number;
  rate: number;
  seconds: number;
  records: number;
}

/** What became of its reads. */
export interface ReplicaResult {
  reads: number;
  failures: string[];
  wrong: number;
  oldestMs: number;
}

const facts = JSON.parse(process.argv[2] ?? "{}") as ReplicaFacts;
const client = createClient({ socket: { path: facts.socket, tls: false } });
await client.connect();
const cache = new SharedCache({
  store: redisSharedStore({ client }),
  ttlMs: facts.ttlMs,
  storeTimeoutMs: 2_000,
});
const manager = new SecretsManager({
  storage: memoryStorage(facts.config),
  ca: facts.ca,
  middleware: cache.middleware,
});

process.once("message", () => void run());
process.send?.("ready");

async function run(): Promise<void> {
  const result: ReplicaResult = { reads: 0, failures: [], wrong: 0, oldestMs: 0 };
  const startedAt = performance.now();
  const total = facts.rate * facts.seconds;
  const under: Promise<void>[] = [];
  for (let at = 0; at < total; at++) {
    const wait = startedAt + (at * 1000) / facts.rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    under.push(read(result));
  }
  await Promise.all(under);
  process.send?.(result);
  client.destroy();
  manager.close();
  process.disconnect();
}

async function read(result: ReplicaResult): Promise<void> {
  try {
    const { records, freshness } = await manager.getSecrets({ lazy: true });
    result.reads++;
    if (records.length !== facts.records) result.wrong++;
    result.oldestMs = Math.max(result.oldestMs, Date.now() - freshness.fetchedAt);
  } catch (error) {
    result.failures.push(String((error as { code?: unknown }).code ?? error));
  }
}
