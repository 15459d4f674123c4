import { inspect } from "node:util";
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { CacheEvent, CacheEventKind } from "../../src/event.ts";
import { memorySharedStore } from "../../src/shared/memory-shared-store.ts";
import type { SharedCacheOptions } from "../../src/shared/options.ts";
import { SharedCache } from "../../src/shared/shared-cache.ts";
import type { SharedStore } from "../../src/shared/shared-store.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { startLocalVault, TestClock } from "../support/local-client.ts";

let vault: Vault;
let clock: TestClock;
let events: CacheEvent[];
let store: SharedStore;
let config: string;
beforeEach(async () => {
  vault = await startLocalVault({ generate: 6 });
  clock = new TestClock();
  events = [];
  store = memorySharedStore({ clock: clock.read });
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const options = { hostname, serverPublicKey, serverPublicKeyId, fetch: vault.fetch };
  const binder = new SecretsManager({ ...options, storage: memoryStorage(), token: oneTimeTokens[0] });
  await binder.bind();
  config = await binder.exportConfig();
});
afterEach(() => vault.close());

const kinds = (): CacheEventKind[] => events.map(({ kind }) => kind);

function newCache(options: Partial<SharedCacheOptions> = {}): SharedCache {
  return new SharedCache({
    store,
    ttlMs: 2_000,
    clock: clock.read,
    // A wait of a replica passes by the test's clock; a limit never ends.
    sleep: async (ms, signal) => {
      if (ms === 250)
        return new Promise((_resolve, reject) =>
          signal?.addEventListener("abort", () => reject(signal.reason as Error)),
        );
      clock.pass(ms);
    },
    onEvent: (event) => events.push(event),
    ...options,
  });
}

/** One replica: the fleet's device, a cache of its own. */
function replica(options: Partial<SharedCacheOptions> = {}): SecretsEditor {
  return new SecretsEditor({
    storage: memoryStorage(config),
    fetch: vault.fetch,
    clock: clock.read,
    maxThrottleRetries: 0,
    middleware: newCache(options).middleware,
  });
}

let counted = 0;
function requests(): number {
  const since = vault.log.length - counted;
  counted = vault.log.length;
  return since;
}

function cut(): void {
  vault.faults.add({ kind: "drop", when: "before", times: "always" });
}

const unreachable = { code: "ERR_KSM_TRANSPORT_NETWORK" };

it("one replica's read serves all others until the time is over", async () => {
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => void (ms !== 250 && setTimeout(resolve, 1)));
  const fleet = Array.from({ length: 5 }, () => replica({ sleep }));
  requests();
  const [first] = await Promise.all(fleet.map((manager) => manager.getSecrets()));
  expect(requests()).toBe(1);
  expect(first?.records).toHaveLength(6);
  clock.pass(1_500);
  for (const manager of fleet) {
    const { records, freshness } = await manager.getSecrets();
    expect([records.length, freshness.source]).toEqual([6, "cache"]);
  }
  expect(requests()).toBe(0);
  clock.pass(500);
  await fleet[0]?.getSecrets();
  expect(requests()).toBe(1);
});

it("shares nothing that can be read without the application key", async () => {
  const seen: string[] = [];
  const watched: SharedStore = {
    ...store,
    publish: (client, name, publication) => {
      seen.push(client, name, Buffer.from(publication.bytes).toString("latin1"));
      return store.publish(client, name, publication);
    },
  };
  const { records } = await replica({ store: watched }).getSecrets();
  expect(seen).toHaveLength(3);
  for (const { uid } of records) expect(seen.join(" ")).not.toContain(uid);
  expect(seen.join(" ")).not.toContain("records");
});

it("gives another device of the same application nothing of this one", async () => {
  await replica().getSecrets();
  const { hostname, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const other = new SecretsManager({
    storage: memoryStorage(),
    token: await vault.newToken(),
    hostname,
    serverPublicKey,
    serverPublicKeyId,
    fetch: vault.fetch,
    middleware: newCache().middleware,
  });
  await other.bind();
  requests();
  expect((await other.getSecrets()).freshness.source).toBe("service");
});

it("keeps questions apart", async () => {
  const [uid = ""] = vault.owner.recordUids();
  const [one, two] = [replica(), replica()];
  await one.getRecord(uid);
  expect((await two.getSecrets()).records).toHaveLength(6);
  expect((await two.getFolders()).freshness.source).toBe("service");
  expect((await one.getFolders()).freshness.source).toBe("cache");
  expect((await two.getSecrets({ uids: uid })).freshness.source).toBe("cache");
  expect((await two.getSecrets({ uids: uid, links: true })).freshness.source).toBe("service");
});

it("asks the service for what must be fresh", async () => {
  const manager = replica();
  await manager.getSecrets();
  expect((await manager.getSecrets({ fresh: true })).freshness.source).toBe("service");
});

it("a write of any replica makes all answers stale", async () => {
  const [one, two] = [replica(), replica()];
  const record = await one.getRecord(vault.owner.recordUids()[0] ?? "");
  await two.getSecrets();
  record.setField("login", "new");
  await one.updateRecord(record, { refresh: false });
  expect((await two.getRecord(record.uid)).field("login")).toBe("new");
  const listed = (await two.getSecrets()).records.find(({ uid }) => uid === record.uid);
  expect(listed?.field("login")).toBe("new");
});

it("a write that the store did not learn of still counts for this replica", async () => {
  let broken = false;
  const failing: SharedStore = {
    ...store,
    change: (client) => (broken ? Promise.reject(new Error("gone")) : store.change(client)),
  };
  const [one, two] = [replica({ store: failing, storePauseMs: 1_000 }), replica()];
  const record = await one.getRecord(vault.owner.recordUids()[0] ?? "");
  broken = true;
  record.setField("login", "new");
  await one.updateRecord(record, { refresh: false });
  expect((await one.getRecord(record.uid)).field("login")).toBe("new");
  expect((await two.getRecord(record.uid)).field("login")).not.toBe("new");
  broken = false;
  clock.pass(1_001);
  expect((await one.getRecord(record.uid)).field("login")).toBe("new");
  expect((await two.getRecord(record.uid)).field("login")).toBe("new");
});

describe("when the service cannot answer", () => {
  it("gives the shared answer within maxStaleMs, and tries again once a second only", async () => {
    const [one, two] = [replica({ maxStaleMs: 10_000 }), replica({ maxStaleMs: 10_000 })];
    await one.getSecrets();
    cut();
    requests();
    clock.pass(2_000);
    for (let read = 0; read < 5; read++) {
      expect((await one.getSecrets()).freshness.source).toBe("cache");
      expect((await two.getSecrets()).records).toHaveLength(6);
    }
    expect(requests()).toBe(1);
    clock.pass(1_000);
    await two.getSecrets();
    expect(requests()).toBe(1);
    clock.pass(9_000);
    await expect(one.getSecrets()).rejects.toMatchObject(unreachable);
  });

  it("waits as long as the service asked for", async () => {
    const manager = replica({ maxStaleMs: 600_000 });
    await manager.getSecrets();
    clock.pass(2_000);
    vault.faults.add({ kind: "throttle", retryAfter: 20 });
    requests();
    await manager.getSecrets();
    clock.pass(19_000);
    await manager.getSecrets();
    expect(requests()).toBe(1);
    clock.pass(6_000);
    expect((await manager.getSecrets()).freshness.source).toBe("service");
  });

  it("does not spread what a cache behind it gives", async () => {
    const disaster = new DisasterCache({ store: memoryStore(), clock: clock.read });
    const manager = new SecretsManager({
      storage: memoryStorage(config),
      fetch: vault.fetch,
      clock: clock.read,
      middleware: [newCache({ maxStaleMs: 0 }).middleware, disaster.middleware],
    });
    await manager.getSecrets();
    cut();
    clock.pass(3_600_000);
    expect((await manager.getSecrets()).freshness).toMatchObject({ source: "cache", ageMs: 3_600_000 });
    vault.faults.clear();
    clock.pass(1_000);
    expect((await manager.getSecrets()).freshness.source).toBe("service");
  });

  it("waits for it no longer than a lease lasts", async () => {
    const limits: unknown[] = [];
    const manager = new SecretsManager({
      storage: memoryStorage(config),
      fetch: vault.fetch,
      clock: clock.read,
      middleware: [
        newCache({ leaseMs: 3_000, maxStaleMs: 10_000 }).middleware,
        (call, next) => {
          limits.push(call.wait.timeoutMs);
          return next(call);
        },
      ],
    });
    for (let read = 0; read < 2; read++) {
      await manager.getSecrets();
      clock.pass(2_000);
    }
    expect(limits).toEqual([600_000, 3_000]);
  });

  it("passes a refusal on", async () => {
    const manager = replica();
    await manager.getSecrets();
    clock.pass(2_000);
    vault.faults.add({ kind: "status", status: 400, body: { result_code: "bad_request" } });
    await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_REFUSED" });
    expect((await manager.getSecrets()).freshness.source).toBe("service");
  });

  it("removes everything for all replicas when access is denied", async () => {
    const [one, two] = [replica({ maxStaleMs: 600_000 }), replica({ maxStaleMs: 600_000 })];
    await one.getSecrets();
    await one.getFolders();
    clock.pass(2_000);
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    await expect(one.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" });
    cut();
    for (const manager of [one, two]) {
      await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
      await expect(manager.getFolders()).rejects.toMatchObject(unreachable);
    }
    expect(kinds().filter((kind) => kind === "served")).toEqual([]);
  });
});

describe("a store that", () => {
  const methods = ["look", "lease", "publish", "hold", "change", "purge"] as const;
  for (const method of methods) {
    it(`fails at ${method} fails no read and no write`, async () => {
      const failing = { ...store, [method]: () => Promise.reject(new Error("gone")) };
      const manager = replica({ store: failing, storePauseMs: 0 });
      for (let read = 0; read < 3; read++) {
        expect((await manager.getSecrets()).records).toHaveLength(6);
        clock.pass(2_000);
      }
      const record = await manager.getRecord(vault.owner.recordUids()[0] ?? "");
      record.setField("login", "new");
      await manager.updateRecord(record);
      expect((await manager.getRecord(record.uid)).field("login")).toBe("new");
      vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
      await expect(manager.getSecrets({ fresh: true })).rejects.toMatchObject({
        code: "ERR_KSM_TRANSPORT_ACCESS_DENIED",
      });
    });
  }

  it("never answers costs its time limit once, and then nothing for a while", async () => {
    const limits: number[] = [];
    const never = (): Promise<never> => new Promise(() => {});
    const stuck = { ...store, look: never, lease: never, publish: never };
    const manager = replica({ store: stuck, storeTimeoutMs: 200, sleep: async (ms) => void limits.push(ms) });
    requests();
    for (let read = 0; read < 5; read++) expect((await manager.getSecrets()).records).toHaveLength(6);
    expect([limits, requests(), kinds()]).toEqual([[200], 1, ["store-failed"]]);
    clock.pass(5_000);
    await manager.getSecrets();
    expect([limits, requests()]).toEqual([[200, 200], 1]);
  });

  it("is gone when the clock is set back does not make an answer last", async () => {
    const gone = { ...store, look: () => Promise.reject(new Error("gone")) };
    const manager = replica({ store: gone, storePauseMs: 0 });
    await manager.getSecrets();
    expect((await manager.getSecrets()).freshness.source).toBe("cache");
    clock.pass(-3_600_000);
    expect((await manager.getSecrets()).freshness.source).toBe("service");
  });

  it("has a damaged, foreign or ancient answer gives none", async () => {
    const bad: Record<string, (bytes: Uint8Array) => Uint8Array> = {
      damaged: (bytes) => bytes.with(60, bytes.at(60)! ^ 1),
      short: (bytes) => bytes.subarray(0, 40),
      empty: () => new Uint8Array(),
    };
    for (const [what, damage] of Object.entries(bad)) {
      await replica().getSecrets();
      const tampered: SharedStore = {
        ...store,
        look: async (client, name) => {
          const { entry, epoch } = await store.look(client, name);
          return { entry: entry && { ...entry, bytes: damage(entry.bytes ?? new Uint8Array()) }, epoch };
        },
      };
      const { freshness, records } = await replica({ store: tampered }).getSecrets();
      expect([what, freshness.source, records.length]).toEqual([what, "service", 6]);
      expect(kinds()).toEqual(["unreadable"]);
      events = [];
      clock.pass(2_000);
    }
  });

  it("gives an old answer a new age is not believed", async () => {
    const replayed = new Map<string, Awaited<ReturnType<SharedStore["look"]>>>();
    const hostile: SharedStore = {
      ...store,
      look: async (client, name) => {
        const view = replayed.get(name) ?? (await store.look(client, name));
        if (view.entry !== null && !replayed.has(name))
          replayed.set(name, { ...view, entry: { ...view.entry, ageMs: 0 } });
        return view;
      },
    };
    await replica().getSecrets();
    await replica({ store: hostile }).getSecrets();
    clock.pass(600_000);
    expect((await replica({ store: hostile }).getSecrets()).freshness.source).toBe("service");
    expect(kinds()).toContain("too-old");
  });
});

it("gives files no address once it may have expired", async () => {
  const files = await startLocalVault();
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = files.ksm;
  const manager = new SecretsManager({
    storage: memoryStorage(),
    token: oneTimeTokens[0],
    hostname,
    serverPublicKey,
    serverPublicKeyId,
    fetch: files.fetch,
    clock: clock.read,
    middleware: newCache({ ttlMs: 120_000 }).middleware,
  });
  await manager.bind();
  const fileOf = async () => (await manager.getSecrets()).records.flatMap((record) => record.files)[0]!;
  await fileOf();
  expect((await manager.downloadFile(await fileOf())).length).toBeGreaterThan(0);
  clock.pass(60_000);
  await expect(manager.downloadFile(await fileOf())).rejects.toMatchObject({
    code: "ERR_KSM_FILE_UNAVAILABLE",
  });
  await files.close();
});

it("ends with the caller's patience while it waits for another replica", async () => {
  const stuck = new SharedCache({ store, clock: clock.read });
  const device = new SecretsManager({
    storage: memoryStorage(config),
    fetch: vault.fetch,
    middleware: [stuck.middleware, () => new Promise(() => {})],
  });
  void device.getSecrets();
  const controller = new AbortController();
  const waiting = replica({
    sleep: (ms, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
        if (ms !== 250) setTimeout(() => controller.abort());
      }),
  }).getSecrets({ signal: controller.signal });
  await expect(waiting).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
});

it("shows no secret, and refuses options that cannot work", async () => {
  const cache = newCache();
  expect(inspect(cache)).toBe("SharedCache { store: memory }");
  for (const options of [
    {},
    { store: {} },
    { store, ttlMs: 0 },
    { store, leaseMs: 0 },
    { store, waitMs: -1 },
  ]) {
    expect(() => new SharedCache(options as never)).toThrow(
      expect.objectContaining({ code: "ERR_CACHE_ARGUMENT_INVALID" }),
    );
  }
});
