/** Which stored response answers which query. */
import type { SecretsEditor } from "@ksmkit/core/editor";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { DisasterCacheOptions } from "../../src/disaster/options.ts";
import type { CacheEvent } from "../../src/event.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

let vault: Vault;
let clock: TestClock;
let events: CacheEvent[];
let uids: string[];
let manager: SecretsEditor;
beforeEach(async () => {
  vault = await startLocalVault({ generate: 20 });
  clock = new TestClock();
  events = [];
  uids = vault.owner.recordUids();
  manager = await withCache();
});
afterEach(() => vault.close());

function withCache(options: Partial<DisasterCacheOptions> = {}): Promise<SecretsEditor> {
  const cache = new DisasterCache({
    store: memoryStore(),
    clock: clock.read,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return boundClient(vault, clock, cache.middleware);
}

function cut(): void {
  vault.faults.add({ kind: "drop", when: "before", times: "always" });
}

const unreachable = { code: "ERR_KSM_TRANSPORT_NETWORK" };

it("answers for records, folders and records of folders from the full listing", async () => {
  await manager.getSecrets();
  const [folderUid = ""] = (await manager.getSecrets()).records.flatMap((record) => record.folderUid ?? []);
  const expected = {
    some: (await boundClient(vault, clock).then((plain) => plain.getSecrets({ uids: uids.slice(3, 6) })))
      .records,
    folder: (await boundClient(vault, clock).then((plain) => plain.getSecrets({ folderUids: folderUid })))
      .records,
  };
  cut();
  const some = await manager.getSecrets({ uids: uids.slice(3, 6) });
  expect(some.records.map(({ uid }) => uid).toSorted()).toEqual(
    expected.some.map(({ uid }) => uid).toSorted(),
  );
  const folder = await manager.getSecrets({ folderUids: [folderUid] });
  expect(folder.records.map(({ uid }) => uid)).toEqual(expected.folder.map(({ uid }) => uid));
  expect(folder.records.length).toBeGreaterThan(0);
  // What the listing does not have was not shared then.
  expect((await manager.getSecrets({ uids: "A".repeat(22) })).records).toEqual([]);
});

it("never answers for everything from an answer for some", async () => {
  await manager.getSecrets({ uids: uids.slice(0, 1) });
  await manager.getSecrets({ uids: uids.slice(0, 15) });
  cut();
  await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
  await expect(manager.getSecrets({ uids: uids.slice(0, 16) })).rejects.toMatchObject(unreachable);
  expect((await manager.getSecrets({ uids: uids.slice(0, 15) })).records).toHaveLength(15);
});

it("answers for several records from answers for each", async () => {
  const three = uids.slice(0, 3);
  for (const uid of three) {
    await manager.getRecord(uid);
    clock.pass(1_000);
  }
  cut();
  const { records, freshness } = await manager.getSecrets({ uids: three.toReversed() });
  expect(records.map(({ uid }) => uid).toSorted()).toEqual(three.toSorted());
  // As old as the oldest of them.
  expect(freshness.ageMs).toBe(3_000);
  await expect(manager.getSecrets({ uids: uids.slice(0, 4) })).rejects.toMatchObject(unreachable);
});

it("puts a record that was read by itself into the listing that was read before, and not the reverse", async () => {
  await manager.getSecrets();
  const [changed = "", untouched = ""] = uids;
  clock.pass(1_000);
  await vault.owner.updateRecord(changed, { type: "login", title: "New", fields: [], custom: [] });
  await vault.owner.updateRecord(untouched, { type: "login", title: "Unseen", fields: [], custom: [] });
  await manager.getRecord(changed);
  cut();
  const { records } = await manager.getSecrets();
  expect(records).toHaveLength(20);
  expect(records.find(({ uid }) => uid === changed)?.title).toBe("New");
  expect(records.find(({ uid }) => uid === untouched)?.title).not.toBe("Unseen");
  expect((await manager.getRecord(changed)).title).toBe("New");
  vault.faults.clear();
  clock.pass(1_000);
  await vault.owner.updateRecord(changed, { type: "login", title: "Newest", fields: [], custom: [] });
  await manager.getSecrets();
  cut();
  expect((await manager.getRecord(changed)).title).toBe("Newest");
});

it("takes a record that is no longer shared out of the listing", async () => {
  await manager.getSecrets();
  clock.pass(1_000);
  const [gone = ""] = uids;
  await vault.owner.removeRecord(gone);
  expect((await manager.getSecrets({ uids: gone })).records).toEqual([]);
  cut();
  expect((await manager.getSecrets()).records.map(({ uid }) => uid)).not.toContain(gone);
  await expect(manager.getRecord(gone)).rejects.toMatchObject({ code: "ERR_KSM_RECORD_NOT_FOUND" });
});

it("answers without links from an answer with links, and not the reverse", async () => {
  await manager.getSecrets({ links: true });
  await manager.getRecord(uids[0] ?? "", { links: true });
  const other = await withCache();
  await other.getSecrets();
  cut();
  expect((await manager.getSecrets()).records).toHaveLength(20);
  expect((await manager.getSecrets({ uids: uids[0] })).records).toHaveLength(1);
  expect((await manager.getSecrets({ links: true })).records).toHaveLength(20);
  await expect(other.getSecrets({ links: true })).rejects.toMatchObject(unreachable);
});

it("keeps folders apart from records", async () => {
  const { folders } = await manager.getFolders();
  cut();
  const offline = await manager.getFolders();
  expect(offline.folders.map(({ uid, name }) => [uid, name])).toEqual(
    folders.map(({ uid, name }) => [uid, name]),
  );
  expect(offline.freshness.source).toBe("cache");
  await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
});

it("gives stored files no address: it has expired", async () => {
  const plain = await startLocalVault();
  const reader = await boundClient(
    plain,
    clock,
    new DisasterCache({ store: memoryStore(), clock: clock.read }).middleware,
  );
  await reader.getSecrets();
  plain.faults.add({ endpoint: "get_secret", kind: "drop", when: "before", times: "always" });
  const { records } = await reader.getSecrets();
  const [file] = records.flatMap((record) => record.files);
  expect(file?.name).toBeTruthy();
  await expect(reader.downloadFile(file!)).rejects.toMatchObject({ code: "ERR_KSM_FILE_UNAVAILABLE" });
  await plain.close();
});

describe("after a write of this application", () => {
  it("serves the new content once the record was read again", async () => {
    await manager.getSecrets();
    const record = await manager.getRecord(uids[0] ?? "");
    record.setField("login", "new-login");
    await manager.updateRecord(record);
    cut();
    expect((await manager.getRecord(record.uid)).field("login")).toBe("new-login");
    const listed = (await manager.getSecrets()).records.find(({ uid }) => uid === record.uid);
    expect(listed?.field("login")).toBe("new-login");
    expect(events.filter(({ kind }) => kind === "withheld")).toEqual([]);
  });

  it("does not serve the old content when it was not", async () => {
    await manager.getSecrets();
    const record = await manager.getRecord(uids[0] ?? "");
    record.setField("login", "new-login");
    await manager.updateRecord(record, { refresh: false });
    cut();
    await expect(manager.getRecord(record.uid)).rejects.toMatchObject(unreachable);
    const { records, warnings } = await manager.getSecrets();
    expect(records.map(({ uid }) => uid).toSorted()).toEqual(uids.slice(1).toSorted());
    expect(warnings).toEqual([expect.stringContaining(record.uid)]);
    expect(events.filter(({ kind }) => kind === "withheld")).toHaveLength(1);
  });

  it("serves the old content with a warning under fail-open", async () => {
    manager = await withCache({ beyondMaxStale: "fail-open" });
    const record = await manager.getRecord(uids[0] ?? "");
    const before = record.field("login");
    record.setField("login", "new-login");
    await manager.updateRecord(record, { refresh: false });
    cut();
    const { records, warnings } = await manager.getSecrets({ uids: record.uid });
    expect(records[0]?.field("login")).toBe(before);
    expect(warnings).toHaveLength(1);
  });

  it("serves the old content with a warning when the write may not have happened", async () => {
    const record = await manager.getRecord(uids[0] ?? "");
    record.setField("login", "new-login");
    vault.faults.add({ endpoint: "update_secret", kind: "drop", when: "after" });
    await expect(manager.updateRecord(record)).rejects.toMatchObject(unreachable);
    cut();
    const { records, warnings } = await manager.getSecrets({ uids: record.uid });
    expect([records.length, warnings.length]).toEqual([1, 1]);
  });

  it("leaves a deleted record out, and says that a listing may lack a new one", async () => {
    await manager.getSecrets();
    await manager.deleteRecords(uids[0] ?? "");
    cut();
    const { records, warnings } = await manager.getSecrets();
    expect(records).toHaveLength(19);
    expect(warnings).toHaveLength(2);
  });
});

describe("age", () => {
  const day = 86_400_000;

  it("fails closed beyond maxStaleMs", async () => {
    manager = await withCache({ maxStaleMs: day });
    await manager.getSecrets();
    cut();
    clock.pass(day - 1);
    expect((await manager.getSecrets()).freshness.ageMs).toBe(day - 1);
    clock.pass(1);
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
    expect(events.map(({ kind }) => kind)).toEqual(["served", "too-old", "missed"]);
  });

  it("fails open when asked to, and says so", async () => {
    manager = await withCache({ maxStaleMs: day, beyondMaxStale: "fail-open" });
    await manager.getSecrets();
    cut();
    clock.pass(9 * day);
    expect((await manager.getSecrets()).freshness.ageMs).toBe(9 * day);
    expect(events.map(({ kind }) => kind)).toEqual(["too-old", "served"]);
  });

  it("is not known to be young when the clock was set back", async () => {
    const [closed, open] = [await withCache(), await withCache({ beyondMaxStale: "fail-open" })];
    await closed.getSecrets();
    await open.getSecrets();
    cut();
    clock.pass(-60_000);
    expect((await closed.getSecrets()).freshness.ageMs).toBe(0);
    clock.pass(-day);
    await expect(closed.getSecrets()).rejects.toMatchObject(unreachable);
    expect((await open.getSecrets()).records).toHaveLength(20);
    vault.faults.clear();
    // What is read now counts, by the clock as it is now.
    expect((await closed.getSecrets()).freshness.source).toBe("service");
    cut();
    clock.pass(5_000);
    expect((await closed.getSecrets()).freshness).toMatchObject({ source: "cache", ageMs: 5_000 });
  });

  it("ends with the client's access, whatever the policy", async () => {
    manager = await withCache({ beyondMaxStale: "fail-open" });
    vault.faults.add({ kind: "merge", answer: { expiresOn: clock.now + 10_000 } });
    await manager.getSecrets();
    cut();
    clock.pass(9_999);
    expect((await manager.getSecrets()).records).toHaveLength(20);
    clock.pass(1);
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
  });
});

describe("offline", () => {
  it("prefer asks the service only for what is not fresh", async () => {
    manager = await withCache({ offline: "prefer", freshForMs: 10_000 });
    const sources = async (): Promise<string> => (await manager.getSecrets()).freshness.source;
    expect([await sources(), await sources()]).toEqual(["service", "cache"]);
    clock.pass(10_001);
    expect([await sources(), await sources()]).toEqual(["service", "cache"]);
    expect((await manager.getSecrets({ fresh: true })).freshness.source).toBe("service");
    const record = await manager.getRecord(uids[0] ?? "");
    expect(record.freshness?.source).toBe("cache");
    record.setField("login", "new");
    await manager.updateRecord(record, { refresh: false });
    expect(await sources()).toBe("service");
  });

  it("only never asks the service", async () => {
    const store = memoryStore();
    const online = new DisasterCache({ store, clock: clock.read });
    const offline = new DisasterCache({ store, clock: clock.read, offline: "only", maxStaleMs: 60_000 });
    let current = online;
    manager = await boundClient(vault, clock, (call, next) => current.middleware(call, next));
    await manager.getSecrets();
    current = offline;
    const requests = vault.log.length;
    const { records, freshness } = await manager.getSecrets();
    expect([records.length, freshness.source]).toEqual([20, "cache"]);
    const failures = [
      [manager.getFolders(), "ERR_CACHE_MISS"],
      [manager.getSecrets({ fresh: true }), "ERR_CACHE_OFFLINE"],
      [manager.updateRecord(records[0]!), "ERR_CACHE_OFFLINE"],
    ] as const;
    for (const [work, code] of failures) await expect(work).rejects.toMatchObject({ code });
    clock.pass(60_000);
    await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_CACHE_TOO_OLD" });
    expect(vault.log).toHaveLength(requests);
  });
});
