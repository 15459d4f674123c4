/**
 * A fleet of processes on one vault and one redis-server, all on this machine. Arguments: processes, reads per second
 * of each, seconds, TTL in milliseconds. Prints one line of JSON: reads, failures, requests that reached the service.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import { startVault } from "@ksmkit/emulator";
import { startRedis } from "../../support/redis-server.ts";
import type { ReplicaFacts, ReplicaResult } from "./replica.ts";

const [processes = 4, rate = 50, seconds = 3, ttlMs = 1_000] = process.argv.slice(2).map(Number);
const records = 20;

await using vault = await startVault({ generate: records });
await using redis = await startRedis();
const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId, caFile = "" } = vault.ksm;
const ca = await readFile(caFile, "utf8");
const binder = new SecretsManager({
  storage: memoryStorage(),
  token: oneTimeTokens[0],
  hostname,
  serverPublicKey,
  serverPublicKeyId,
  fetch: vault.fetch,
});
await binder.bind();
const facts: ReplicaFacts = {
  config: await binder.exportConfig(),
  ca,
  socket: redis.socket,
  ttlMs,
  rate,
  seconds,
  records,
};
const before = vault.log.length;

const program = fileURLToPath(new URL("replica.ts", import.meta.url));
const replicas: ChildProcess[] = [];
try {
  for (let at = 0; at < processes; at++) {
    const child = fork(program, [JSON.stringify(facts)], {
      execArgv: ["--conditions=ksmkit-source", "--no-warnings"],
    });
    replicas.push(child);
    await messageOf(child);
  }
  const results = replicas.map((child) => messageOf(child) as Promise<ReplicaResult>);
  for (const child of replicas) child.send("go");
  const all = await Promise.all(results);
  const failures = all.flatMap((result) => result.failures);
  process.stdout.write(
    `${JSON.stringify({
      processes,
      reads: all.reduce((sum, { reads }) => sum + reads, 0),
      failures: failures.length,
      failureCodes: [...new Set(failures)],
      wrong: all.reduce((sum, { wrong }) => sum + wrong, 0),
      oldestMs: Math.max(...all.map(({ oldestMs }) => oldestMs)),
      serviceRequests: vault.log.slice(before).length,
    })}\n`,
  );
} finally {
  for (const child of replicas) child.kill("SIGKILL");
}

/** The next message of a replica; rejects when it ends first. */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, "exit").then(() => Promise.reject(new Error("a replica ended too early")));
  const [message] = (await Promise.race([once(child, "message"), ended])) as [unknown];
  return message;
}
