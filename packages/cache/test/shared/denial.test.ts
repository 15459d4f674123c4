/** Found in a review of the caches in memory and for a fleet. */
import type { Middleware, ServiceCall } from "@ksmkit/core";
import type { SecretsEditor } from "@ksmkit/core/editor";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { CacheEventKind } from "../../src/event.ts";
import { ReadCache } from "../../src/read/read-cache.ts";
import { memorySharedStore } from "../../src/shared/memory-shared-store.ts";
import { SharedCache } from "../../src/shared/shared-cache.ts";
import type { SharedStore } from "../../src/shared/shared-store.ts";
import type { CacheStore } from "../../src/store/cache-store.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { unstorageStore } from "../../src/store/unstorage-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

const denied = { code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" };
const dayMs = 86_400_000;

let vault: Vault;
let clock: TestClock;
let kinds: CacheEventKind[];
beforeEach(async () => {
  vault = await startLocalVault({ generate: 4 });
  clock = new TestClock();
  kinds = [];
});
afterEach(() => vault.close());

const onEvent = ({ kind }: { kind: CacheEventKind }): void => void kinds.push(kind);
const uidOf = (): string => vault.owner.recordUids()[0] ?? "";

async function revoke(): Promise<void> {
  for (const { clientId, binding } of vault.owner.clients()) {
    if (binding === "bound") await vault.owner.removeClient(clientId);
  }
}

/** A write that the service denies, as for a record that is shared read-only; reads go on. */
async function deniedWrite(client: SecretsEditor): Promise<void> {
  const record = await client.getRecord(uidOf(), { fresh: true });
  record.setField("login", "new");
  vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
  await expect(client.updateRecord(record)).rejects.toMatchObject(denied);
}

describe("a ReadCache whose client is denied access", () => {
  async function watched(): Promise<ReadCache<SecretsEditor>> {
    let watch: Middleware = (call, next) => next(call);
    const client = await boundClient(vault, clock, (call, next) => watch(call, next));
    return new ReadCache({
      clock: clock.read,
      client: (given) => {
        watch = given;
        return client;
      },
    });
  }
  const readyMade = async (): Promise<ReadCache<SecretsEditor>> =>
    new ReadCache({ clock: clock.read, client: await boundClient(vault, clock) });

  const fresh: Record<string, (cache: ReadCache<SecretsEditor>) => Promise<unknown>> = {
    getRecord: (cache) => cache.getRecord(uidOf(), { fresh: true }),
    getSecrets: (cache) => cache.getSecrets({ fresh: true }),
    getFolders: (cache) => cache.getFolders({ fresh: true }),
  };
  for (const [name, read] of Object.entries(fresh)) {
    for (const [how, make] of Object.entries({ watched, "ready-made": readyMade })) {
      it(`at a fresh ${name} gives nothing of before (${how})`, async () => {
        const cache = await make();
        await cache.getSecrets();
        await cache.getFolders();
        await revoke();
        await expect(read(cache)).rejects.toMatchObject(denied);
        expect(cache.status().entries).toBe(0);
        await expect(cache.getRecord(uidOf())).rejects.toMatchObject(denied);
      });
    }
  }

  it("at a read of the client itself gives nothing of before", async () => {
    const cache = await watched();
    await cache.getSecrets();
    await revoke();
    await expect(cache.client.getFolders()).rejects.toMatchObject(denied);
    await expect(cache.getRecord(uidOf())).rejects.toMatchObject(denied);
  });

  it("at a write asks at the next read, and keeps what it has when that succeeds", async () => {
    const cache = await watched();
    await cache.getFolders();
    await cache.getSecrets();
    await deniedWrite(cache.client);
    const [, other = ""] = vault.owner.recordUids();
    const before = vault.log.length;
    expect((await cache.getFolders()).freshness.source).toBe("service");
    expect((await cache.getFolders()).freshness.source).toBe("cache");
    expect((await cache.getRecord(other)).uid).toBe(other);
    expect(vault.log.length - before).toBe(2);
  });

  it("at a write gives nothing of before when the next read is denied too", async () => {
    const cache = await watched();
    await cache.getFolders();
    const record = await cache.client.getRecord(uidOf());
    record.setField("login", "new");
    await revoke();
    await expect(cache.client.updateRecord(record)).rejects.toMatchObject(denied);
    await expect(cache.getFolders()).rejects.toMatchObject(denied);
    expect(cache.status().entries).toBe(0);
  });
});

describe("a SharedCache", () => {
  let store: SharedStore;
  let purges: number;
  beforeEach(() => {
    purges = 0;
    const memory = memorySharedStore({ clock: clock.read });
    store = { ...memory, purge: (client) => (purges++, memory.purge(client)) };
  });
  const cacheOver = (over: SharedStore): SharedCache =>
    new SharedCache({ store: over, ttlMs: 10_000, clock: clock.read, onEvent });

  it("refuses one answer forever from a store that lies about its age, in a process that runs on", async () => {
    const frozen = memorySharedStore({ clock: () => 0 });
    const client = await boundClient(vault, clock, cacheOver(frozen).middleware);
    await client.getSecrets();
    await revoke();
    clock.pass(dayMs);
    await expect(client.getSecrets()).rejects.toMatchObject(denied);
    expect(kinds).toContain("too-old");
  });

  it("does not let a store make an answer younger than the process knows it to be", async () => {
    const frozen = memorySharedStore({ clock: () => 0 });
    const client = await boundClient(vault, clock, cacheOver(frozen).middleware);
    const first = (await client.getSecrets()).freshness.fetchedAt;
    for (let step = 0; step < 3; step++) {
      clock.pass(4_000);
      await client.getSecrets();
    }
    expect((await client.getSecrets()).freshness.fetchedAt).toBeGreaterThanOrEqual(first + 10_000);
  });

  it("keeps what the fleet shares when a write is denied for its record alone", async () => {
    const client = await boundClient(vault, clock, cacheOver(store).middleware);
    await deniedWrite(client);
    expect([purges, kinds]).toEqual([0, []]);
  });

  it("removes everything when a read confirms the denial of a write", async () => {
    const calls: ServiceCall[] = [];
    const client = await boundClient(vault, clock, [
      cacheOver(store).middleware,
      (call, next) => (calls.push(call), next(call)),
    ]);
    const record = await client.getRecord(uidOf());
    record.setField("login", "new");
    await revoke();
    await expect(client.updateRecord(record)).rejects.toMatchObject(denied);
    expect([purges, kinds]).toEqual([1, ["purged"]]);
    const { endpoint, fresh, payload } = calls.at(-1) ?? {};
    expect([endpoint, fresh, payload]).toEqual(["get_secret", true, { requestedRecords: ["A".repeat(22)] }]);
  });

  it("removes nothing when an outage keeps the denial of a write from being confirmed", async () => {
    const client = await boundClient(vault, clock, cacheOver(store).middleware);
    const record = await client.getRecord(uidOf());
    record.setField("login", "new");
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    vault.faults.add({ kind: "drop", when: "before", times: "always" });
    await expect(client.updateRecord(record)).rejects.toMatchObject(denied);
    expect(purges).toBe(0);
  });
});

describe("a store that is slow or hangs", () => {
  it("does not block an unstorage store for the life of the process", async () => {
    const limits: (() => void)[] = [];
    const sleep = (_ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        limits.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
      });
    const items = new Map<string, string>();
    let hangs = true;
    const storage = {
      getItem: async (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) =>
        hangs ? new Promise(() => {}) : Promise.resolve(items.set(key, value)),
      removeItem: async (key: string) => items.delete(key),
      getKeys: async () => [...items.keys()],
    };
    const hung = unstorageStore({ storage, sleep });
    const first = hung.update("a-1", () => Uint8Array.of(1));
    const second = hung.update("a-1", () => Uint8Array.of(2));
    await expect.poll(() => limits.length).toBe(1);
    hangs = false;
    await hung.update("a-2", () => Uint8Array.of(3));
    limits[0]?.();
    await expect(first).rejects.toMatchObject({ code: "ERR_CACHE_STORE_FAILED" });
    await second;
    expect([await hung.read("a-1"), await hung.read("a-2")]).toEqual([Uint8Array.of(2), Uint8Array.of(3)]);
  });

  it("has one limit for all entries of a read", async () => {
    const memory = memoryStore();
    let accesses = 0;
    const slow: CacheStore = {
      ...memory,
      update: (name, decide) => (++accesses < 3 ? memory.update(name, decide) : new Promise(() => {})),
    };
    const limits: (() => void)[] = [];
    const sleep = (_ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        limits.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
      });
    const cache = new DisasterCache({ store: slow, sleep, clock: clock.read, onEvent });
    const client = await boundClient(vault, clock, cache.middleware);
    const reading = client.getSecrets({ uids: vault.owner.recordUids() });
    await expect.poll(() => accesses).toBe(3);
    // The limit of the whole; each access has one of its own besides, which is not over.
    limits[0]?.();
    expect((await reading).records).toHaveLength(4);
    expect(kinds).toEqual(["store-failed"]);
  });

  it.each([Infinity, 3e9, 0])("is not waited for %s ms: no timer does", (storeTimeoutMs) => {
    const refused = expect.objectContaining({ code: "ERR_CACHE_ARGUMENT_INVALID" });
    expect(() => new DisasterCache({ store: memoryStore(), storeTimeoutMs })).toThrow(refused);
    expect(() => new SharedCache({ store: memorySharedStore(), storeTimeoutMs })).toThrow(refused);
    expect(() => new SharedCache({ store: memorySharedStore(), leaseMs: storeTimeoutMs })).toThrow(refused);
  });
});
