import { inspect } from "node:util";
import type { Middleware, SecretsManagerOptions } from "@ksmkit/core";
import type { SecretsEditor } from "@ksmkit/core/editor";
import { getNotation } from "@ksmkit/core/notation";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { CacheEvent } from "../../src/event.ts";
import type { ReadCacheOptions, SecretsReader, Timer } from "../../src/read/options.ts";
import { ReadCache } from "../../src/read/read-cache.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

let vault: Vault;
let clock: TestClock;
let events: CacheEvent[];
let uids: string[];
/** Timers that have been set and not cancelled. */
let timers: Set<{ at: number; run: () => void }>;
beforeEach(async () => {
  vault = await startLocalVault({ generate: 10 });
  clock = new TestClock();
  events = [];
  timers = new Set();
  uids = vault.owner.recordUids();
});
afterEach(() => vault.close());

const timer: Timer = (ms, run) => {
  const pending = { at: clock.now + ms, run };
  timers.add(pending);
  return () => timers.delete(pending);
};

/** Moves the clock and runs what is due. */
function pass(ms: number): void {
  clock.pass(ms);
  for (const pending of timers) {
    if (pending.at > clock.now) continue;
    timers.delete(pending);
    pending.run();
  }
}

async function newCache(
  options: Partial<ReadCacheOptions<SecretsEditor>> = {},
  more: { behind?: Middleware; client?: Partial<SecretsManagerOptions> } = {},
): Promise<ReadCache<SecretsEditor>> {
  let watch: Middleware | undefined;
  const behind = more.behind === undefined ? [] : [more.behind];
  const client = await boundClient(
    vault,
    clock,
    [(call, next) => (watch === undefined ? next(call) : watch(call, next)), ...behind],
    more.client,
  );
  return new ReadCache({
    clock: clock.read,
    timer,
    onEvent: (event) => events.push(event),
    ...options,
    client: (given) => {
      watch = given;
      return client;
    },
  });
}

/** Requests since the last call. */
let counted = 0;
function requests(): number {
  const since = vault.log.length - counted;
  counted = vault.log.length;
  return since;
}

function cut(): void {
  vault.faults.add({ kind: "drop", when: "before", times: "always" });
}

const refused = { code: "ERR_KSM_TRANSPORT_NETWORK" };

it("reads once and answers from memory until the time is over", async () => {
  const cache = await newCache({ ttlMs: 10_000 });
  requests();
  const first = await cache.getSecrets();
  expect(first.freshness).toMatchObject({ source: "service", ageMs: 0 });
  pass(9_999);
  const second = await cache.getSecrets();
  expect(second.freshness).toEqual({ source: "cache", fetchedAt: first.freshness.fetchedAt, ageMs: 9_999 });
  expect(second.records[0]).toBe(first.records[0]);
  expect(requests()).toBe(1);
  pass(1);
  expect((await cache.getSecrets()).freshness.source).toBe("service");
  expect(requests()).toBe(1);
  expect(cache.status()).toEqual({ entries: 1, records: 10, hits: 1, misses: 2, stale: 0 });
});

it("touches neither client, network, storage nor cryptography on a hit", async () => {
  const calls: string[] = [];
  const inner = await boundClient(vault, clock);
  // All that a read can reach goes through the client, and whatever the platform has for cryptography.
  const client: SecretsReader = {
    getSecrets: (query) => (calls.push("getSecrets"), inner.getSecrets(query)),
    getFolders: (options) => (calls.push("getFolders"), inner.getFolders(options)),
    downloadFile: (file, options) => (calls.push("downloadFile"), inner.downloadFile(file, options)),
  };
  const cache = new ReadCache({ client, clock: clock.read, timer });
  await cache.getSecrets();
  await cache.getFolders();
  requests();
  calls.length = 0;
  const { subtle } = crypto;
  const names = ["decrypt", "importKey", "deriveBits", "digest"] as const;
  const originals = names.map((name) => subtle[name]);
  const counted = (name: string) => (): void => void calls.push(name);
  for (const name of names) Object.defineProperty(subtle, name, { configurable: true, value: counted(name) });
  const resources = process.getActiveResourcesInfo().length;
  for (let i = 0; i < 1_000; i++) {
    await cache.getSecrets();
    await cache.getRecord(uids[i % 10] ?? "");
    await cache.getFolders();
  }
  expect(process.getActiveResourcesInfo()).toHaveLength(resources);
  for (const [at, name] of names.entries()) {
    Object.defineProperty(subtle, name, { configurable: true, value: originals[at] });
  }
  expect([requests(), calls, cache.status().hits]).toEqual([0, [], 3_000]);
});

it("asks again when the clock was set back, which says nothing about age", async () => {
  const cache = await newCache({ ttlMs: 10_000 });
  await cache.getSecrets();
  clock.pass(-3_600_000);
  expect((await cache.getSecrets()).freshness.source).toBe("service");
  clock.pass(5_000);
  expect((await cache.getSecrets()).freshness).toMatchObject({ source: "cache", ageMs: 5_000 });
});

it("gives each answer a time of its own", async () => {
  const cache = await newCache({ ttlMs: 10_000, staleIfErrorMs: 0 });
  await cache.getRecord(uids[0] ?? "");
  pass(6_000);
  await cache.getRecord(uids[1] ?? "");
  requests();
  pass(6_000);
  expect(cache.status().entries).toBe(1);
  await cache.getRecord(uids[1] ?? "");
  expect(requests()).toBe(0);
  await cache.getRecord(uids[0] ?? "");
  expect(requests()).toBe(1);
});

it("leaves nothing in memory when all times are over", async () => {
  const cache = await newCache({ ttlMs: 10_000, staleIfErrorMs: 20_000, staleWhileRevalidateMs: 5_000 });
  await cache.getSecrets();
  pass(29_999);
  expect(cache.status().entries).toBe(1);
  pass(1);
  expect([cache.status().entries, timers.size]).toEqual([0, 0]);
});

it("takes a record from the full listing, and asks for one that is not in it", async () => {
  const cache = await newCache();
  await cache.getSecrets();
  requests();
  const record = await cache.getRecord(uids[3] ?? "");
  expect((await cache.getSecrets({ uids: [record.uid] })).records).toEqual([record]);
  expect(requests()).toBe(0);
  await expect(cache.getRecord("A".repeat(22))).rejects.toMatchObject({ code: "ERR_KSM_RECORD_NOT_FOUND" });
  expect((await cache.getSecrets({ uids: uids[3], links: true })).records).toHaveLength(1);
  expect(requests()).toBe(2);
});

it("tells queries apart by what they ask for, not by how they are written", async () => {
  const cache = await newCache();
  const [a = "", b = ""] = uids;
  requests();
  await cache.getSecrets({ uids: [a, b] });
  await cache.getSecrets({ uids: [b, a, b] });
  await cache.getSecrets({ uids: [b, a], lazy: true, timeoutMs: 5_000 });
  expect(requests()).toBe(1);
  await cache.getSecrets({ uids: [a, b], links: true });
  await cache.getSecrets({ uids: [a, b], keepDuplicates: true });
  await cache.getSecrets({ uids: [a, b], folderUids: "B".repeat(22) });
  await cache.getSecrets({ folderUids: [a, b] });
  await cache.getSecrets({ uids: [] });
  await cache.getSecrets({});
  expect(requests()).toBe(5);
});

it("lets many readers of the same share one call", async () => {
  const cache = await newCache();
  requests();
  const results = await Promise.all(Array.from({ length: 50 }, () => cache.getSecrets()));
  expect(requests()).toBe(1);
  expect(new Set(results.map(({ records }) => records)).size).toBe(1);
  vault.faults.add({ kind: "drop", when: "before" });
  cache.clear();
  const failures = await Promise.allSettled(Array.from({ length: 10 }, () => cache.getSecrets()));
  expect(failures.every(({ status }) => status === "rejected")).toBe(true);
  expect((await cache.getSecrets()).records).toHaveLength(10);
});

it("lets one reader give up without disturbing the others", async () => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const cache = await newCache({}, { behind: (call, next) => gate.then(() => next(call)) });
  const controller = new AbortController();
  const impatient = cache.getSecrets({ signal: controller.signal });
  const patient = cache.getSecrets();
  const hurried = cache.getSecrets({ timeoutMs: 1 });
  controller.abort();
  await expect(impatient).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
  await expect(hurried).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_TIMEOUT" });
  open();
  expect((await patient).records).toHaveLength(10);
});

it("remembers for a short while that a record is not there", async () => {
  const cache = await newCache({ ttlMs: 60_000, negativeTtlMs: 5_000 });
  const uid = "A".repeat(22);
  requests();
  for (let i = 0; i < 3; i++) {
    await expect(cache.getRecord(uid)).rejects.toMatchObject({ code: "ERR_KSM_RECORD_NOT_FOUND" });
  }
  expect(requests()).toBe(1);
  await vault.owner.addRecord({ uid, type: "login", title: "New", fields: {} });
  await vault.owner.shareRecord(uid);
  pass(5_000);
  expect((await cache.getRecord(uid)).title).toBe("New");
});

describe("past its time, an answer is given", () => {
  it("at once while it is read again in the background", async () => {
    const cache = await newCache({ ttlMs: 10_000, staleWhileRevalidateMs: 10_000 });
    await cache.getSecrets();
    await vault.owner.updateRecord(uids[0] ?? "", { type: "login", title: "New", fields: [] });
    pass(15_000);
    requests();
    const stale = await Promise.all([cache.getSecrets(), cache.getSecrets()]);
    expect(stale.map(({ freshness }) => freshness.ageMs)).toEqual([15_000, 15_000]);
    const title = async (): Promise<string | undefined> =>
      (await cache.getSecrets()).records.find(({ uid }) => uid === uids[0])?.title;
    await expect.poll(title).toBe("New");
    expect(requests()).toBe(1);
    pass(20_000);
    expect((await cache.getSecrets()).freshness.source).toBe("service");
  });

  it("when the service cannot answer, without trying at each read", async () => {
    const cache = await newCache({ ttlMs: 10_000, staleIfErrorMs: 100_000 });
    await cache.getSecrets();
    cut();
    requests();
    pass(10_000);
    for (let i = 0; i < 20; i++) expect((await cache.getSecrets()).freshness.ageMs).toBe(10_000);
    expect(requests()).toBe(1);
    pass(1_000);
    await cache.getSecrets();
    expect(requests()).toBe(1);
    pass(1_000);
    await cache.getSecrets();
    expect(requests()).toBe(0);
    vault.faults.clear();
    pass(1_000);
    expect((await cache.getSecrets()).freshness.source).toBe("service");
    expect(events.map(({ kind }) => kind)).toEqual(["served", "served"]);
    cut();
    pass(109_999);
    expect((await cache.getSecrets()).freshness.source).toBe("cache");
    pass(1);
    await expect(cache.getSecrets()).rejects.toMatchObject(refused);
  });

  it("not when the service refuses", async () => {
    const cache = await newCache({ ttlMs: 10_000 });
    await cache.getSecrets();
    vault.faults.add({ kind: "status", status: 400, body: { result_code: "bad_request" }, times: 2 });
    pass(10_000);
    for (let i = 0; i < 2; i++) {
      await expect(cache.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_REFUSED" });
    }
  });

  it("not after access was denied: everything is forgotten", async () => {
    const cache = await newCache({ ttlMs: 10_000, staleWhileRevalidateMs: 60_000 });
    await cache.getSecrets();
    await cache.getFolders();
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    pass(10_000);
    await expect(cache.getRecord(uids[0] ?? "", { links: true })).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_ACCESS_DENIED",
    });
    expect([cache.status().entries, timers.size]).toEqual([0, 0]);
    cut();
    await expect(cache.getSecrets()).rejects.toMatchObject(refused);
  });

  it("not beyond the client's access", async () => {
    const cache = await newCache({ ttlMs: 60_000 });
    vault.faults.add({ kind: "merge", answer: { expiresOn: clock.now + 5_000 } });
    await cache.getSecrets();
    cut();
    pass(4_999);
    expect((await cache.getSecrets()).records).toHaveLength(10);
    pass(1);
    await expect(cache.getSecrets()).rejects.toMatchObject(refused);
  });
});

describe("a write through the client", () => {
  it("drops what it made untrue and nothing else", async () => {
    const cache = await newCache();
    const [changed = "", other = ""] = uids;
    await cache.getSecrets();
    await cache.getSecrets({ uids: other, links: true });
    await cache.getFolders();
    const record = await cache.getRecord(changed, { fresh: true });
    record.setField("login", "new");
    await cache.client.updateRecord(record);
    requests();
    expect((await cache.getRecord(changed)).field("login")).toBe("new");
    expect(requests()).toBe(1);
    await cache.getSecrets({ uids: other, links: true });
    await cache.getFolders();
    expect(requests()).toBe(0);
  });

  it("drops listings when a record comes or goes", async () => {
    const cache = await newCache();
    expect((await cache.getSecrets()).records).toHaveLength(10);
    await cache.client.deleteRecords(uids[0] ?? "");
    expect((await cache.getSecrets()).records).toHaveLength(9);
    const { folders } = await cache.getFolders();
    const folderUid = folders.find(({ isEditable }) => isEditable)?.uid ?? "";
    await cache.client.createRecord({ folderUid, record: { type: "login", title: "More", fields: [] } });
    expect((await cache.getSecrets()).records).toHaveLength(10);
  });

  it("keeps a read that was under way out of the memory", async () => {
    const cache = await newCache();
    const [uid = ""] = uids;
    const record = await cache.getRecord(uid, { fresh: true });
    record.setField("login", "new");
    const early = cache.getRecord(uid);
    await cache.client.updateRecord(record);
    await early;
    expect((await cache.getRecord(uid)).field("login")).toBe("new");
  });
});

it("forgets a record when told to, also one that was not there", async () => {
  const cache = await newCache();
  await cache.getSecrets();
  await cache.getRecord(uids[0] ?? "", { links: true });
  await expect(cache.getRecord("A".repeat(22))).rejects.toThrow("No record");
  expect(cache.status().entries).toBe(3);
  cache.invalidate("A".repeat(22));
  expect(cache.status().entries).toBe(2);
  cache.invalidate(uids[0] ?? "");
  expect([cache.status().entries, timers.size]).toEqual([0, 0]);
});

it("keeps no more records than it may, the last used", async () => {
  const cache = await newCache({ maxRecords: 6 });
  for (const uid of uids.slice(0, 3)) {
    pass(1);
    await cache.getRecord(uid);
  }
  pass(1);
  await cache.getRecord(uids[0] ?? "");
  pass(1);
  await cache.getRecord(uids[3] ?? "");
  expect(cache.status()).toMatchObject({ entries: 3, records: 3 });
  requests();
  await cache.getRecord(uids[0] ?? "");
  expect(requests()).toBe(0);
  await cache.getRecord(uids[1] ?? "");
  expect(requests()).toBe(1);
  // More than there is room for at all.
  await cache.getSecrets();
  expect(cache.status().records).toBe(3);
});

it("lets nobody change what others see", async () => {
  const cache = await newCache();
  const { records } = await cache.getSecrets();
  const record = records[0]!;
  const before = JSON.stringify(record.data);
  const readOnly = expect.objectContaining({ code: "ERR_KSM_READ_ONLY" });
  expect(() => record.setField("login", "tampered")).toThrow(readOnly);
  expect(() => record.setCustomField("login", "tampered")).toThrow(readOnly);
  expect(() => record.addCustomField({ type: "text", value: "tampered" })).toThrow(readOnly);
  expect(() => Object.assign(record.data, { title: "tampered" })).toThrow();
  expect(() => (records as unknown[]).pop()).toThrow();
  expect(JSON.stringify((await cache.getRecord(record.uid)).data)).toBe(before);
  const own = await cache.getRecord(record.uid, { fresh: true });
  own.setField("login", "mine");
  expect(own).not.toBe(record);
});

it("serves notations, and files through the client", async () => {
  const full = await startLocalVault();
  const client = await boundClient(full, clock);
  const cache = new ReadCache({ client, clock: clock.read, timer });
  const [login] = await getNotation(cache, "keeper://Web shop/field/login");
  const asked = full.log.length;
  expect(await getNotation(cache, "keeper://Web shop/field/login")).toEqual([login]);
  expect(full.log).toHaveLength(asked);
  const record = (await cache.getSecrets()).records.find(({ files }) => files.length > 0)!;
  expect((await cache.downloadFile(record.files[0]!)).length).toBeGreaterThan(0);
  await full.close();
});

it("asks again soon for what came from a cache behind it in an outage", async () => {
  const disaster = new DisasterCache({ store: memoryStore(), clock: clock.read });
  const cache = await newCache({ ttlMs: 60_000, negativeTtlMs: 5_000 }, { behind: disaster.middleware });
  await cache.getSecrets();
  cut();
  pass(3_600_000);
  const old = await cache.getSecrets();
  expect(old.freshness).toMatchObject({ source: "cache", ageMs: 3_600_000 });
  vault.faults.clear();
  pass(5_000);
  expect((await cache.getSecrets()).freshness.source).toBe("service");
});

it("shows no secret, and refuses options that cannot work", async () => {
  const cache = await newCache();
  await cache.getSecrets();
  expect(inspect(cache)).toBe("ReadCache { entries: 1, records: 10 }");
  const client = cache.client;
  for (const options of [
    {},
    { client: {} },
    { client, ttlMs: -1 },
    { client, maxRecords: 0 },
    { client, staleIfErrorMs: "1" },
  ]) {
    expect(() => new ReadCache(options as never)).toThrow(
      expect.objectContaining({ code: "ERR_CACHE_ARGUMENT_INVALID" }),
    );
  }
});

describe("by title", () => {
  it("finds one record in the full listing, from memory", async () => {
    const cache = await newCache();
    const { records } = await cache.getSecrets();
    const { title = "", uid = "" } = records[0] ?? {};
    requests();
    const record = await cache.getRecordByTitle(title);
    expect(record.uid).toBe(uid);
    expect(await cache.getRecordByTitle(title)).toBe(record);
    expect((await cache.getRecordsByTitle(title)).map((found) => found.uid)).toEqual([uid]);
    expect(await cache.getRecord(uid)).toBe(record);
    expect(requests()).toBe(0);
  });

  it("reports that no record, or more than one, has the title", async () => {
    const cache = await newCache();
    const { records } = await cache.getSecrets();
    const title = records[0]?.title ?? "";
    await expect(cache.getRecordByTitle(`${title}?`)).rejects.toMatchObject({
      code: "ERR_KSM_RECORD_NOT_FOUND",
    });
    const { client } = cache;
    const twice = new ReadCache({
      client: {
        getFolders: (options) => client.getFolders(options),
        downloadFile: (file, options) => client.downloadFile(file, options),
        getSecrets: async (query) => ({
          ...(await client.getSecrets(query)),
          records: [...records, ...records],
        }),
      },
    });
    await expect(twice.getRecordByTitle(title)).rejects.toMatchObject({ code: "ERR_KSM_RECORD_AMBIGUOUS" });
    expect(await twice.getRecordsByTitle(title)).toHaveLength(2);
    twice.clear();
  });

  it("goes past the cache when it must be fresh, for a record of the caller's own", async () => {
    const cache = await newCache();
    const { records } = await cache.getSecrets();
    const title = records[0]?.title ?? "";
    const own = await cache.getRecordByTitle(title, { fresh: true });
    expect(own).not.toBe(await cache.getRecordByTitle(title));
    expect(Object.isFrozen(own.data)).toBe(false);
  });
});

it("starts a call of its own for a reader that comes after all others have given up", async () => {
  let isHanging = true;
  const behind: Middleware = (call, next) => (isHanging ? new Promise(() => {}) : next(call));
  const cache = await newCache({}, { behind });
  await expect(cache.getSecrets({ timeoutMs: 20 })).rejects.toMatchObject({
    code: "ERR_KSM_TRANSPORT_TIMEOUT",
  });
  isHanging = false;
  expect((await cache.getSecrets({ timeoutMs: 5_000 })).records).toHaveLength(10);
});
