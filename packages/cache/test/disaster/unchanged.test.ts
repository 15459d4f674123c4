/** A response that has not changed is not written again at once, and still counts as fetched when it was. */
import type { CallingDevice } from "@ksmkit/core";
import type { SecretsEditor } from "@ksmkit/core/editor";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { DisasterCacheOptions } from "../../src/disaster/options.ts";
import type { CacheStore } from "../../src/store/cache-store.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

let vault: Vault;
let clock: TestClock;
let store: CacheStore;
/** Names of the entries that were written. */
let writes: string[];
let current: DisasterCache;
let manager: SecretsEditor;
let device: CallingDevice;
beforeEach(async () => {
  vault = await startLocalVault();
  clock = new TestClock();
  const inner = memoryStore();
  writes = [];
  store = {
    ...inner,
    update: (name, decide) => {
      writes.push(name);
      return inner.update(name, decide);
    },
  };
  restart();
  manager = await boundClient(vault, clock, (call, next) => {
    device = call.device;
    return current.middleware(call, next);
  });
});
afterEach(() => vault.close());

/** Another process on the same store. */
function restart(options: Partial<DisasterCacheOptions> = {}): void {
  current = new DisasterCache({ store, clock: clock.read, ...options });
}

/** How many writes some work causes. */
async function writesOf(work: () => Promise<unknown>): Promise<number> {
  const before = writes.length;
  await work();
  return writes.length - before;
}

function breakService(): void {
  vault.faults.clear();
  vault.faults.add({ kind: "drop", when: "before", times: "always" });
}

const readAll = (): Promise<unknown> => manager.getSecrets();
const firstUid = (): string => vault.owner.recordUids()[0] ?? "";

describe("an unchanged response", () => {
  const reads: Record<string, () => Promise<unknown>> = {
    "to a read of everything": readAll,
    "to a read with links": () => manager.getSecrets({ links: true }),
    "to a read of one record": () => manager.getSecrets({ uids: firstUid() }),
    "to a read of several records": () => manager.getSecrets({ uids: vault.owner.recordUids().slice(0, 3) }),
    "to a read of folders": () => manager.getFolders(),
  };
  for (const [what, read] of Object.entries(reads)) {
    it(`${what} is written once a minute`, async () => {
      expect(await writesOf(read)).toBeGreaterThan(1);
      clock.pass(30_000);
      expect(await writesOf(read)).toBe(0);
      clock.pass(29_999);
      expect(await writesOf(read)).toBe(0);
      clock.pass(1);
      expect(await writesOf(read)).toBeGreaterThan(1);
      expect(await writesOf(read)).toBe(0);
    });
  }

  it("counts as fetched when it was, in this process", async () => {
    await readAll();
    clock.pass(50_000);
    await readAll();
    breakService();
    clock.pass(5_000);
    expect((await manager.getSecrets()).freshness).toEqual({
      source: "cache",
      fetchedAt: clock.now - 5_000,
      ageMs: 5_000,
    });
    expect((await current.status(manager)).entries[0]?.ageMs).toBe(5_000);
  });

  it("counts as at most a minute older in another process, never as younger", async () => {
    await readAll();
    clock.pass(50_000);
    await readAll();
    restart();
    breakService();
    expect((await manager.getSecrets()).freshness.ageMs).toBe(50_000);
  });

  it("is not written by another process either", async () => {
    await readAll();
    restart();
    expect(await writesOf(readAll)).toBe(0);
  });

  it("is written more often where ages are compared with less", async () => {
    restart({ maxStaleMs: 20_000 });
    await readAll();
    clock.pass(1_000);
    expect(await writesOf(readAll)).toBeGreaterThan(0);
    restart({ offline: "prefer", freshForMs: 10_000 });
    await readAll();
    clock.pass(11_000);
    expect(await writesOf(readAll)).toBeGreaterThan(0);
  });

  it("is written by warm", async () => {
    await current.warm(manager);
    expect(await writesOf(() => current.warm(manager))).toBeGreaterThan(1);
  });
});

describe("an unchanged response is written", () => {
  it("when its entry is gone, damaged, or an older one", async () => {
    await readAll();
    const name = writes.find((one) => !one.endsWith("-ledger")) ?? "";
    const intact = await store.read(name);
    const states: Record<string, (bytes: Uint8Array) => Uint8Array> = {
      damaged: (bytes) => bytes.map((byte, at) => (at === 70 ? byte ^ 1 : byte)),
      truncated: (bytes) => bytes.subarray(0, 50),
    };
    await store.remove(name);
    expect(await writesOf(readAll)).toBeGreaterThan(0);
    for (const change of Object.values(states)) {
      await store.update(name, (bytes) => change(bytes ?? new Uint8Array()));
      expect(await writesOf(readAll)).toBeGreaterThan(0);
    }
    await store.update(name, () => intact);
    expect(await writesOf(readAll)).toBeGreaterThan(0);
    breakService();
    expect((await manager.getSecrets()).freshness.source).toBe("cache");
  });

  it("when the ledger is gone or damaged", async () => {
    await readAll();
    const ledger = writes.find((one) => one.endsWith("-ledger")) ?? "";
    await store.remove(ledger);
    expect(await writesOf(readAll)).toBeGreaterThan(0);
    await store.update(ledger, () => new Uint8Array(90));
    expect(await writesOf(readAll)).toBeGreaterThan(0);
  });

  it("after a write of this application whose outcome is open", async () => {
    const { records } = await manager.getSecrets();
    const record = records.find(({ isEditable }) => isEditable);
    record?.setField("login", "maria");
    vault.faults.add({ kind: "drop", when: "before" });
    await expect(record && manager.updateRecord(record)).rejects.toThrow();
    clock.pass(1_000);
    expect(await writesOf(readAll)).toBeGreaterThan(0);
    breakService();
    const offline = await manager.getSecrets();
    expect([offline.warnings, offline.records.length]).toEqual([[], records.length]);
  });

  it("after access was denied to another process and granted again", async () => {
    await readAll();
    const mine = current;
    restart();
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    clock.pass(1_000);
    await expect(readAll()).rejects.toThrow();
    current = mine;
    clock.pass(1_000);
    expect(await writesOf(readAll)).toBeGreaterThan(0);
    breakService();
    expect((await manager.getSecrets()).freshness.source).toBe("cache");
  });

  it("when a newer response contradicts it: a record that was taken away and given back", async () => {
    const uid = firstUid();
    const all = await manager.getSecrets();
    const json = all.records.map((record) => record.uid);
    clock.pass(1_000);
    await current.middleware(
      {
        endpoint: "get_secret",
        kind: "read",
        payload: { requestedRecords: [uid] },
        fresh: false,
        device,
        wait: {},
      },
      async () => ({ json: { records: [], folders: [] }, source: "service", fetchedAt: clock.now }),
    );
    clock.pass(1_000);
    await readAll();
    breakService();
    expect((await manager.getSecrets()).records.map((record) => record.uid)).toEqual(json);
  });
});

it("a changed response is written at once", async () => {
  const { records } = await manager.getSecrets();
  const record = records.find(({ isEditable }) => isEditable);
  if (record === undefined) throw new Error("no editable record");
  record.setField("login", "maria");
  await manager.updateRecord(record);
  clock.pass(1_000);
  expect(await writesOf(readAll)).toBeGreaterThan(1);
  restart();
  breakService();
  const offline = await manager.getRecord(record.uid);
  expect(offline.field("login")).toBe("maria");
  expect(offline.freshness?.ageMs).toBe(0);
});
