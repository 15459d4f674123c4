import type { SecretsEditor } from "@ksmkit/core/editor";
import { memoryStorage } from "@ksmkit/core";
import type { Vault } from "@ksmkit/emulator";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { DisasterCacheOptions } from "../../src/disaster/options.ts";
import { memorySharedStore } from "../../src/shared/memory-shared-store.ts";
import { SharedCache } from "../../src/shared/shared-cache.ts";
import type { CacheStore } from "../../src/store/cache-store.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

let vault: Vault;
let clock: TestClock;
let store: CacheStore;
let cache: DisasterCache;
let manager: SecretsEditor;
beforeEach(async () => {
  vault = await startLocalVault();
  clock = new TestClock();
  store = memoryStore();
  cache = new DisasterCache({ store, clock: clock.read });
  manager = await boundClient(vault, clock, cache.middleware);
});
afterEach(() => vault.close());

function cut(): void {
  vault.faults.add({ kind: "drop", when: "before", times: "always" });
}

describe("warm", () => {
  it("stores everything that any read may ask for", async () => {
    const { records, folders, problems } = await cache.warm(manager);
    expect([records, problems]).toEqual([vault.owner.recordUids().length, []]);
    expect(folders).toBeGreaterThan(0);
    cut();
    expect((await manager.getSecrets()).records).toHaveLength(records);
    expect((await manager.getSecrets({ links: true })).records).toHaveLength(records);
    expect((await manager.getRecordByTitle("Web shop")).field("login")).toBeTruthy();
    expect((await manager.getFolders()).folders).toHaveLength(folders);
  });

  it("asks the service even when the cache is preferred", async () => {
    cache = new DisasterCache({ store, clock: clock.read, offline: "prefer" });
    manager = await boundClient(vault, clock, cache.middleware);
    await manager.getSecrets({ links: true });
    const requests = vault.log.length;
    await cache.warm(manager);
    expect(vault.log).toHaveLength(requests + 2);
  });

  it("fails when the service or the store does", async () => {
    const full: CacheStore = { ...store, update: () => Promise.reject(new Error("full")) };
    cache = new DisasterCache({ store: full, clock: clock.read });
    manager = await boundClient(vault, clock, cache.middleware);
    await expect(cache.warm(manager)).rejects.toMatchObject({ code: "ERR_CACHE_STORE_FAILED" });
    cut();
    await expect(cache.warm(manager)).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
  });
});

describe("status", () => {
  it("tells what is stored, how old it is and what has changed since, and asks nobody", async () => {
    await manager.getSecrets();
    clock.pass(60_000);
    const record = await manager.getRecordByTitle("Web shop", { fresh: true });
    await manager.getRecord(record.uid);
    await manager.getFolders();
    clock.pass(1_000);
    await manager.updateRecord(record, { refresh: false });
    const requests = vault.log.length;
    const status = await cache.status(manager);
    expect(vault.log).toHaveLength(requests);
    expect(status).toMatchObject({ store: "memory", deniedAt: undefined, staleUids: [record.uid] });
    const shown = status.entries.map(({ kind, uid, ageMs, stale, tooOld }) => [
      kind,
      uid,
      ageMs,
      stale,
      tooOld,
    ]);
    expect(new Set(shown)).toEqual(
      new Set([
        ["folders", undefined, 1_000, false, false],
        ["listing", undefined, 1_000, false, false],
        ["record", record.uid, 1_000, true, false],
      ]),
    );
    expect(status.bytes).toBe(status.entries.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it("tells when access was denied", async () => {
    await manager.getSecrets();
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" });
    const status = await cache.status(manager);
    expect([status.entries, status.deniedAt]).toEqual([[], new Date(clock.now)]);
  });
});

describe("clear", () => {
  it("removes what is stored for one client, or all there is", async () => {
    const other = await boundClient(vault, clock, cache.middleware);
    await manager.getSecrets();
    await other.getSecrets();
    await cache.clear(manager);
    expect((await cache.status(manager)).entries).toEqual([]);
    expect((await cache.status(other)).entries).toHaveLength(1);
    await cache.clear();
    expect(await store.list("")).toEqual([]);
    await manager.getSecrets();
    cut();
    expect((await manager.getSecrets()).freshness.source).toBe("cache");
  });
});

describe("drill", () => {
  it("finds nothing missing after warming but the content of files", async () => {
    await cache.warm(manager);
    const before = await cache.status(manager);
    const report = await cache.drill(manager);
    expect(report).toMatchObject({ online: true, listing: true, folders: true, ready: true, ageMs: 0 });
    expect(report.storedRecords).toBe(report.liveRecords);
    expect(new Set(report.losses.map(({ reason }) => reason))).toEqual(new Set(["files"]));
    expect(await cache.status(manager)).toEqual(before);
  });

  it("names what is missing and what is outdated", async () => {
    const uids = vault.owner.recordUids();
    const [stored = "", outdated = "", ...missing] = uids;
    for (const uid of [stored, outdated]) await manager.getRecord(uid);
    await vault.owner.updateRecord(outdated, { type: "login", title: "New", fields: [] });
    clock.pass(5_000);
    const report = await cache.drill(manager);
    expect(report).toMatchObject({
      listing: false,
      folders: false,
      ready: false,
      storedRecords: 2,
      ageMs: 5_000,
    });
    const losses = report.losses.filter(({ reason }) => reason !== "files");
    expect(losses.filter(({ reason }) => reason === "outdated")).toEqual([
      { uid: outdated, reason: "outdated" },
    ]);
    expect(
      losses
        .filter(({ reason }) => reason === "not-stored")
        .map(({ uid }) => uid)
        .toSorted(),
    ).toEqual(missing.toSorted());
  });

  it("works during an outage, when it can only tell what is stored", async () => {
    await cache.warm(manager);
    cut();
    const report = await cache.drill(manager);
    expect(report).toMatchObject({ online: false, onlineError: "ERR_KSM_TRANSPORT_NETWORK", liveRecords: 0 });
    expect(report.storedRecords).toBe(vault.owner.recordUids().length);
  });
});

it("is not fooled by a cache that stands before it", async () => {
  const shared = new SharedCache({
    store: memorySharedStore({ clock: clock.read }),
    ttlMs: 60_000,
    clock: clock.read,
  });
  manager = await boundClient(vault, clock, [shared.middleware, cache.middleware]);
  await manager.getSecrets();
  await manager.getFolders();
  await cache.clear(manager);
  expect((await manager.getSecrets()).freshness.source).toBe("cache");
  const report = await cache.drill(manager);
  expect(report).toMatchObject({ listing: false, folders: false, storedRecords: 0 });
  expect((await cache.status(manager)).entries).toEqual([]);
  expect((await cache.warm(manager)).records).toBeGreaterThan(0);
  expect((await cache.status(manager)).entries).toHaveLength(2);
});

it("refuses a client that is not bound, or does not use the cache", async () => {
  const { hostname, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const { SecretsManager } = await import("@ksmkit/core");
  const unbound = new SecretsManager({
    storage: memoryStorage(),
    token: await vault.newToken(),
    hostname,
    serverPublicKey,
    serverPublicKeyId,
    fetch: vault.fetch,
    middleware: cache.middleware,
  });
  for (const work of [() => cache.warm(unbound), () => cache.status(unbound), () => cache.drill(unbound)]) {
    await expect(work()).rejects.toMatchObject({ code: "ERR_CACHE_NOT_BOUND" });
  }
  const stranger = await boundClient(vault, clock);
  await expect(cache.status(stranger)).rejects.toMatchObject({ code: "ERR_CACHE_ARGUMENT_INVALID" });
});

it("refuses options that cannot work", () => {
  const bad: Partial<Record<keyof DisasterCacheOptions, unknown>>[] = [
    { store: {} },
    { store: undefined },
    { offline: "sometimes" },
    { beyondMaxStale: "fail" },
    { maxStaleMs: -1 },
    { maxStaleMs: Number.NaN },
    { freshForMs: "5" },
    { networkTimeoutMs: 0 },
    { storeTimeoutMs: 0 },
    { maxEntries: 0 },
  ];
  for (const options of bad) {
    expect(() => new DisasterCache({ store, ...options } as never), JSON.stringify(options)).toThrow(
      expect.objectContaining({ code: "ERR_CACHE_ARGUMENT_INVALID" }),
    );
  }
  expect(() => new DisasterCache(undefined as never)).toThrow("options of DisasterCache");
});

it("prints where it stores, and nothing else", async () => {
  await manager.getSecrets();
  const shown = `${inspect(cache, { depth: 9 })} ${JSON.stringify(cache)}`;
  expect(shown).toBe('DisasterCache { store: memory } "DisasterCache { store: memory }"');
});
