/** Repetitions as a program sees them: through the client, over real connections. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { getEventListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { startVault, type Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { memoryStorage } from "../../src/config/storage.ts";
import { coalesceReads } from "../../src/middleware/coalesce-reads.ts";
import { requestBudget } from "../../src/middleware/request-budget.ts";
import { publishCalls, type RetryEvent } from "../../src/node/publish-calls.ts";
import type { RetryNotice } from "../../src/transport/retry-notice.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";

let vault: Vault;
beforeAll(async () => {
  vault = await startLocalVault({ tokens: 9 });
});
afterAll(() => vault.close());

it("onRetry and the diagnostics channel name the wait of a throttled call", async () => {
  const notices: RetryNotice[] = [];
  const events: RetryEvent[] = [];
  const onEvent = (event: unknown): void => void events.push(event as RetryEvent);
  const sleeps: number[] = [];
  const manager = localClient(vault, {
    token: vault.ksm.oneTimeTokens[0],
    sleep: async (ms) => void sleeps.push(ms),
    onRetry: (notice) => void notices.push(notice),
    middleware: publishCalls(),
  });
  await manager.bind();
  vault.faults.add({ endpoint: "get_secret", kind: "throttle", retryAfter: 300, times: 1 });
  subscribe("ksmkit.retry", onEvent);
  await manager.getSecrets();
  unsubscribe("ksmkit.retry", onEvent);
  expect(notices).toEqual([{ endpoint: "get_secret", reason: "throttled", attempt: 2, delayMs: sleeps[0] }]);
  expect(sleeps[0]).toBeGreaterThanOrEqual(300_000);
  const more = { kind: "read", hostname: vault.ksm.hostname, requestedRecords: undefined };
  expect(events).toEqual([{ ...notices[0], ...more }]);
  vault.faults.clear();
});

it("refuses an onRetry that is no function", () => {
  expect(() => localClient(vault, { onRetry: "log" as never })).toThrow(/onRetry must be a function/);
});

it.each([
  ["reads", 1, []],
  ["reads behind caches and budgets", 2, [coalesceReads(), requestBudget()]],
])("adds one listener to a signal however many %s share it", async (_name, token, middleware) => {
  const manager = localClient(vault, { token: vault.ksm.oneTimeTokens[token], middleware });
  await manager.bind();
  const { signal } = new AbortController();
  let most = 0;
  const adding = signal.addEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof adding>) => {
    adding(...args);
    most = Math.max(most, getEventListeners(signal, "abort").length);
  };
  const record = "x".repeat(22);
  await Promise.all(
    Array.from({ length: 12 }, () => [
      manager.getSecrets({ signal }),
      manager.getFolders({ signal }),
      manager.getRecordsByTitle("nothing", { signal }),
      manager.getRecord(record, { signal }).catch(() => {}),
      manager.bind({ signal }),
    ]).flat(),
  );
  expect(most).toBe(1);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

/** Stands between client and vault; once armed, it resets each connection it has at the next thing sent over it. */
async function resettingRelay(port: number) {
  const open = new Set<Socket>();
  const doomed = new WeakSet<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    open.add(socket);
    const onward = connect(port, "localhost");
    socket.on("data", (bytes) => {
      if (doomed.has(socket)) socket.resetAndDestroy();
      else onward.write(bytes);
    });
    onward.on("data", (bytes) => void socket.write(bytes));
    socket
      .on("error", () => {})
      .on("close", () => {
        open.delete(socket);
        onward.destroy();
      });
    onward.on("error", () => {}).on("close", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    hostname: `localhost:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    open: () => open.size,
    arm: () => {
      for (const socket of open) doomed.add(socket);
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it("repeats reads over a fresh connection when every kept one was closed; writes never", async () => {
  await using remote = await startVault({ rateLimit: false });
  const { hostname, caFile, oneTimeTokens, serverPublicKey, serverPublicKeyId } = remote.ksm;
  const relay = await resettingRelay(Number(hostname.split(":")[1]));
  const reasons: string[] = [];
  const manager = new SecretsEditor({
    storage: memoryStorage(),
    token: oneTimeTokens[0],
    hostname: relay.hostname,
    serverPublicKey,
    serverPublicKeyId,
    ca: await readFile(caFile ?? "", "utf8"),
    env: {},
    onRetry: ({ reason }) => void reasons.push(reason),
  });
  const [record] = (await manager.getSecrets()).records;
  if (record === undefined) throw new TypeError("the vault is empty");
  for (const read of [
    () => manager.getSecrets(),
    () => manager.getFolders(),
    () => manager.getRecord(record.uid),
  ]) {
    await Promise.all([manager.getSecrets(), manager.getSecrets()]);
    expect(relay.open()).toBeGreaterThan(1);
    relay.arm();
    await read();
  }
  expect(reasons).toEqual(["connection_closed", "connection_closed", "connection_closed"]);
  await Promise.all([manager.getSecrets(), manager.getSecrets(), manager.getSecrets()]);
  relay.arm();
  await Promise.all([manager.getSecrets(), manager.getFolders(), manager.getSecrets()]);
  await manager.getSecrets();
  relay.arm();
  record.setField("login", "changed");
  await expect(manager.updateRecord(record)).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
  await relay.close();
});

it("adds one listener for calls that bind together, and an abort ends them all", async () => {
  const manager = localClient(vault, { token: vault.ksm.oneTimeTokens[3] });
  const controller = new AbortController();
  const { signal } = controller;
  const pending = Array.from({ length: 1000 }, () => manager.getSecrets({ signal }));
  const settled = Promise.allSettled(pending);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  controller.abort();
  const codes = (await settled).map(
    (one) => one.status === "rejected" && (one.reason as { code: string }).code,
  );
  expect(new Set(codes)).toEqual(new Set(["ERR_KSM_ABORTED"]));
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});
