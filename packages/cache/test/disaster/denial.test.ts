/** Denied reads and writes, and what stored responses show after them. */
import { mkdtemp, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Middleware } from "@ksmkit/core";
import type { SecretsEditor } from "@ksmkit/core/editor";
import type { FaultRule, Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { DisasterCacheOptions } from "../../src/disaster/options.ts";
import { officialCacheFile } from "../../src/node/official-cache-file.ts";
import type { CacheEvent, CacheEventKind } from "../../src/event.ts";
import type { OfficialCacheLocation } from "../../src/official/official-cache.ts";
import type { CacheStore } from "../../src/store/cache-store.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

let vault: Vault;
let clock: TestClock;
let events: CacheEvent[];
beforeEach(async () => {
  vault = await startLocalVault();
  clock = new TestClock();
  events = [];
});
afterEach(() => vault.close());

function newCache(options: Partial<DisasterCacheOptions> = {}): DisasterCache {
  return new DisasterCache({
    store: memoryStore(),
    clock: clock.read,
    onEvent: (event) => events.push(event),
    ...options,
  });
}

const gone: FaultRule = { kind: "drop", when: "before", times: "always" };
const denied = { code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" };
const unreachable = { code: "ERR_KSM_TRANSPORT_NETWORK" };
const kinds = (): CacheEventKind[] => events.map(({ kind }) => kind);

async function revokeAll(): Promise<void> {
  for (const { clientId, binding } of vault.owner.clients()) {
    if (binding === "bound") await vault.owner.removeClient(clientId);
  }
}

async function outage(): Promise<void> {
  vault.faults.add(gone);
  clock.pass(1_000);
}

describe("a client that is revoked while the disk is full", () => {
  let full: boolean;
  let stuck: boolean;
  let inner: CacheStore;
  let store: CacheStore;
  beforeEach(() => {
    full = stuck = false;
    inner = memoryStore();
    const noSpace = (): Promise<never> => Promise.reject(new Error("disk full"));
    store = {
      ...inner,
      update: (name, decide) => (full ? noSpace() : inner.update(name, decide)),
      remove: (name) => (stuck ? noSpace() : inner.remove(name)),
    };
  });

  it("loses every entry and the file of the vendor's SDKs", async () => {
    let removed = 0;
    const official: OfficialCacheLocation = {
      description: "official",
      writable: false,
      read: () => Promise.resolve(null),
      write: () => Promise.resolve(),
      remove: () => {
        removed++;
        return Promise.resolve();
      },
    };
    const manager = await boundClient(vault, clock, newCache({ store, official }).middleware);
    await manager.getSecrets();
    await manager.getFolders();
    full = true;
    clock.pass(1_000);
    await revokeAll();
    await expect(manager.getSecrets()).rejects.toMatchObject(denied);
    expect(await inner.list("")).toEqual([expect.stringMatching(/-ledger$/)]);
    expect(removed).toBe(1);
    expect(kinds()).toEqual(["store-failed"]);
    await outage();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
  });

  it("is served nothing by this process where nothing can be removed either", async () => {
    const cache = newCache({ store });
    const manager = await boundClient(vault, clock, cache.middleware);
    await manager.getSecrets();
    full = stuck = true;
    clock.pass(1_000);
    await revokeAll();
    await expect(manager.getSecrets()).rejects.toMatchObject(denied);
    expect(await inner.list("")).toHaveLength(2);
    await outage();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
    const { entries, deniedAt } = await cache.status(manager);
    expect([entries, deniedAt]).toEqual([[], new Date(clock.now - 1_000)]);
  });

  it("is denied for good once the ledger can be written", async () => {
    let cache = newCache({ store });
    const manager = await boundClient(vault, clock, (call, next) => cache.middleware(call, next));
    await manager.getSecrets();
    full = stuck = true;
    clock.pass(1_000);
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    await expect(manager.getSecrets()).rejects.toMatchObject(denied);
    full = stuck = false;
    clock.pass(1_000);
    await manager.getFolders();
    cache = newCache({ store });
    await outage();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
    expect((await manager.getFolders()).freshness.source).toBe("cache");
  });
});

describe("a write that is denied", () => {
  let cache: DisasterCache;
  let manager: SecretsEditor;
  beforeEach(async () => {
    cache = newCache();
    manager = await boundClient(vault, clock, cache.middleware);
    await cache.warm(manager);
  });

  it("leaves what is stored for a client that is good", async () => {
    const record = await manager.getRecordByTitle("Shared directly");
    record.setField("login", "carol");
    await vault.owner.shareRecord(record.uid, { editable: false });
    await expect(manager.updateRecord(record)).rejects.toMatchObject(denied);
    expect(kinds()).toEqual([]);
    await outage();
    expect((await manager.getSecrets()).records).toHaveLength(9);
    expect((await manager.getRecord(record.uid)).field("login")).not.toBe("carol");
  });

  it("removes what is stored for a client that is revoked", async () => {
    const record = await manager.getRecordByTitle("Web shop");
    record.setField("login", "carol");
    clock.pass(1_000);
    await revokeAll();
    await expect(manager.updateRecord(record)).rejects.toMatchObject(denied);
    expect(kinds()).toEqual(["purged"]);
    expect((await cache.status(manager)).entries).toEqual([]);
  });

  it("tells why the write failed, and removes nothing, when the service is gone right after", async () => {
    const record = await manager.getRecordByTitle("Web shop");
    record.setField("login", "carol");
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } }, gone);
    await expect(manager.updateRecord(record)).rejects.toMatchObject(denied);
    expect((await manager.getSecrets()).records).toHaveLength(9);
  });
});

it("does not push the listing and the folders out for single records", async () => {
  const cache = newCache({ maxEntries: 4 });
  const manager = await boundClient(vault, clock, cache.middleware);
  await cache.warm(manager);
  const { records } = await manager.getSecrets({ fresh: true });
  for (const { uid } of records) {
    clock.pass(1_000);
    await manager.getRecord(uid);
  }
  const entries = (await cache.status(manager)).entries.map(({ kind }) => kind);
  expect(entries.toSorted()).toEqual(["folders", "listing", "listing", "record"]);
  await outage();
  expect((await manager.getSecrets()).records).toHaveLength(9);
  expect((await manager.getFolders()).folders.length).toBeGreaterThan(0);
});

describe("a record that the stored listing lacks", () => {
  for (const beyondMaxStale of ["fail-closed", "fail-open"] as const) {
    it(`because this application created it since is not "not there" (${beyondMaxStale})`, async () => {
      const cache = newCache({ beyondMaxStale });
      const manager = await boundClient(vault, clock, cache.middleware);
      await cache.warm(manager);
      const { folders } = await manager.getFolders();
      const folderUid = folders.find(({ parentUid }) => !parentUid)?.uid ?? "";
      clock.pass(1_000);
      const created = await manager.createRecord({
        folderUid,
        record: { type: "login", title: "Mine", fields: [] },
      });
      await outage();
      await expect(manager.getRecord(created)).rejects.toMatchObject(unreachable);
      await expect(manager.getSecrets({ uids: [created] })).rejects.toMatchObject(unreachable);
    });
  }

  it(`and that nobody here has written is "not there"`, async () => {
    const manager = await boundClient(vault, clock, newCache().middleware);
    await manager.getSecrets();
    await outage();
    const missing = { code: "ERR_KSM_RECORD_NOT_FOUND" };
    await expect(manager.getRecord("A".repeat(22))).rejects.toMatchObject(missing);
  });
});

describe("a cache file of the vendor's SDKs", () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "ksmkit-review-"));
    path = join(directory, "ksm_cache.bin");
    const official = officialCacheFile({ path, write: true });
    await (await boundClient(vault, clock, newCache({ official }).middleware)).getSecrets();
    await utimes(path, clock.now / 1_000, clock.now / 1_000);
    clock.pass(5_000);
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("does not bring back what this application has changed since", async () => {
    const manager = await boundClient(
      vault,
      clock,
      newCache({ official: officialCacheFile({ path }) }).middleware,
    );
    const record = await manager.getRecordByTitle("Web shop", { fresh: true });
    await manager.getRecord(record.uid);
    clock.pass(1_000);
    record.setField("login", "carol");
    await manager.updateRecord(record, { refresh: false });
    await outage();
    await expect(manager.getRecord(record.uid)).rejects.toMatchObject(unreachable);
  });

  it("is read without the records that this application has changed since", async () => {
    const plain = await boundClient(vault, clock);
    const record = await plain.getRecordByTitle("Web shop");
    const manager = await boundClient(
      vault,
      clock,
      newCache({ official: officialCacheFile({ path }) }).middleware,
    );
    record.setField("login", "carol");
    const own = await manager.getRecord(record.uid);
    own.setField("login", "carol");
    clock.pass(1_000);
    await manager.updateRecord(own, { refresh: false });
    events = [];
    await outage();
    const { records, warnings } = await manager.getSecrets();
    expect(records).toHaveLength(8);
    expect(records.map(({ uid }) => uid)).not.toContain(record.uid);
    expect(warnings.join("\n")).toContain(`Record ${record.uid} was changed by this application`);
    expect(kinds()).toEqual(["withheld", "served"]);
  });

  it("of before access was denied is not used", async () => {
    const official = { ...officialCacheFile({ path }), remove: () => Promise.reject(new Error("read-only")) };
    const manager = await boundClient(vault, clock, newCache({ official }).middleware);
    await manager.getFolders();
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    await expect(manager.getFolders()).rejects.toMatchObject(denied);
    expect(kinds()).toEqual(["store-failed"]);
    await outage();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
  });

  it("is not written with an answer of before access was denied", async () => {
    await rm(path);
    let arrive = (): void => {};
    let release = (): void => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const held = new Promise<void>((resolve) => (release = resolve));
    const slowListing: Middleware = async (call, next) => {
      const answer = await next(call);
      if (call.endpoint !== "get_secret") return answer;
      arrive();
      await held;
      return answer;
    };
    const cache = newCache({ official: officialCacheFile({ path, write: true }) });
    const manager = await boundClient(vault, clock, [cache.middleware, slowListing]);
    const reading = manager.getSecrets();
    await arrived;
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    await expect(manager.getFolders()).rejects.toMatchObject(denied);
    release();
    await reading;
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await cache.status(manager)).entries).toEqual([]);
  });

  it("carries no warning about a ledger where there never was a cache", async () => {
    const manager = await boundClient(
      vault,
      clock,
      newCache({ official: officialCacheFile({ path }) }).middleware,
    );
    await outage();
    const { records, warnings } = await manager.getSecrets();
    expect([records.length, warnings]).toEqual([9, [expect.stringContaining("another SDK")]]);
    expect(kinds()).toEqual(["served"]);
  });
});

it("says so when it serves entries whose ledger is gone", async () => {
  const store = memoryStore();
  let cache = newCache({ store });
  const manager = await boundClient(vault, clock, (call, next) => cache.middleware(call, next));
  await manager.getSecrets();
  for (const name of await store.list("")) if (name.endsWith("-ledger")) await store.remove(name);
  cache = newCache({ store });
  await outage();
  const { records, warnings } = await manager.getSecrets();
  expect(records).toHaveLength(9);
  expect(warnings).toEqual([expect.stringContaining("lost its ledger")]);
  expect(kinds()).toEqual(["unreadable", "served"]);
});
