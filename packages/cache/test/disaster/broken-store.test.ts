/** A store that is damaged, foreign, old, slow, full or readable by others: no wrong secret, no crash, no harm online. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SecretsEditor } from "@ksmkit/core/editor";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { DisasterCacheOptions } from "../../src/disaster/options.ts";
import { fileStore } from "../../src/node/file-store.ts";
import type { CacheEvent, CacheEventKind } from "../../src/event.ts";
import type { CacheStore } from "../../src/store/cache-store.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

let vault: Vault;
let clock: TestClock;
let events: CacheEvent[];
let directory: string;
beforeEach(async () => {
  vault = await startLocalVault({ generate: 5 });
  clock = new TestClock();
  events = [];
  directory = await mkdtemp(join(tmpdir(), "ksmkit-cache-"));
});
afterEach(async () => {
  await vault.close();
  await rm(directory, { recursive: true });
});

/** Clients of one device whose cache can be exchanged, as by a new process. */
async function device(
  options: Partial<DisasterCacheOptions> = {},
): Promise<{ manager: SecretsEditor; restart: (more?: Partial<DisasterCacheOptions>) => DisasterCache }> {
  const restart = (more: Partial<DisasterCacheOptions> = {}): DisasterCache => {
    cache = new DisasterCache({
      store: fileStore({ directory }),
      clock: clock.read,
      onEvent: (event) => events.push(event),
      ...options,
      ...more,
    });
    return cache;
  };
  let cache: DisasterCache;
  restart();
  return { manager: await boundClient(vault, clock, (call, next) => cache.middleware(call, next)), restart };
}

function cut(): void {
  vault.faults.clear();
  vault.faults.add({ kind: "drop", when: "before", times: "always" });
}

const kinds = (): CacheEventKind[] => events.map(({ kind }) => kind);
const unreachable = { code: "ERR_KSM_TRANSPORT_NETWORK" };

async function files(): Promise<{ ledger: string; entries: string[] }> {
  const paths = (await readdir(directory)).map((name) => join(directory, name));
  return {
    ledger: paths.find((path) => path.includes("-ledger.")) ?? "",
    entries: paths.filter((path) => !path.includes("-ledger.")),
  };
}

it("writes private files, and makes those private that are not", async () => {
  const { manager } = await device();
  await manager.getSecrets();
  const { ledger, entries } = await files();
  for (const path of [ledger, ...entries]) {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o644);
  }
  cut();
  expect((await manager.getSecrets()).records).toHaveLength(5);
  expect(kinds()).toEqual(["permissions", "permissions", "served"]);
  vault.faults.clear();
  await manager.getSecrets();
  for (const path of [ledger, ...entries]) expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it("does not read what others may read when told to be strict", async () => {
  const { manager } = await device({ store: fileStore({ directory, strictPermissions: true }) });
  await manager.getSecrets();
  await chmod((await files()).entries[0] ?? "", 0o640);
  cut();
  await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
  expect(kinds()).toEqual(["store-failed", "missed"]);
});

it("stores nothing that can be read without the application key", async () => {
  const { manager } = await device();
  const { records } = await manager.getSecrets();
  await manager.getRecord(records[0]?.uid ?? "");
  const { ledger, entries } = await files();
  for (const path of [ledger, ...entries]) {
    const text = (await readFile(path)).toString("latin1") + path;
    for (const { uid } of records) expect(text).not.toContain(uid);
  }
});

describe("an entry that is", () => {
  const damages: Record<string, (path: string) => Promise<void>> = {
    "damaged in one bit": async (path) => {
      const bytes = await readFile(path);
      bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
      await writeFile(path, bytes);
    },
    "made younger": async (path) => {
      const bytes = await readFile(path);
      bytes.writeBigUInt64BE(BigInt(clock.now + 1_000), 16);
      await writeFile(path, bytes);
    },
    "given another expiry": async (path) => {
      const bytes = await readFile(path);
      bytes.writeBigUInt64BE(8_000_000_000_000_000n, 24);
      await writeFile(path, bytes);
    },
    "cut short": (path) => truncate(path, 500),
    "cut within its head": (path) => truncate(path, 20),
    empty: (path) => truncate(path, 0),
    "of another version": async (path) => {
      const bytes = await readFile(path);
      bytes.writeUInt8(2, 4);
      await writeFile(path, bytes);
    },
    "something else": (path) => writeFile(path, "{}"),
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`${what} is not used, harms no online read, and is replaced by it`, async () => {
      const { manager } = await device();
      await manager.getSecrets();
      await damage((await files()).entries[0] ?? "");
      cut();
      await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
      expect(kinds()).toEqual(["unreadable", "missed"]);
      vault.faults.clear();
      clock.pass(1);
      expect((await manager.getSecrets()).freshness.source).toBe("service");
      cut();
      expect((await manager.getSecrets()).records).toHaveLength(5);
    });
  }

  it("of another client is not used, whatever its name", async () => {
    const [mine, theirs] = [await device(), await device()];
    await theirs.manager.getSecrets();
    const foreign = await readFile((await files()).entries[0] ?? "");
    await mine.manager.getSecrets();
    for (const path of (await files()).entries) await writeFile(path, foreign);
    cut();
    await expect(mine.manager.getSecrets()).rejects.toMatchObject(unreachable);
    expect((await theirs.manager.getSecrets()).records).toHaveLength(5);
    expect(kinds()).toEqual(["unreadable", "missed", "served"]);
  });

  it("of another application, sealed under another key, is not used", async () => {
    const other = await startLocalVault({ generate: 5 });
    const { manager } = await device();
    await manager.getSecrets();
    const theirs = await boundClient(
      other,
      clock,
      new DisasterCache({ store: fileStore({ directory: join(directory, "theirs") }), clock: clock.read })
        .middleware,
    );
    await theirs.getSecrets();
    const names = await readdir(join(directory, "theirs"));
    const foreign = await readFile(
      join(directory, "theirs", names.find((name) => !name.includes("ledger")) ?? ""),
    );
    await rm(join(directory, "theirs"), { recursive: true });
    await writeFile((await files()).entries[0] ?? "", foreign);
    cut();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
    await other.close();
  });

  it("stored under the name of another query is not used", async () => {
    const { manager } = await device();
    const uids = vault.owner.recordUids();
    await manager.getRecord(uids[0] ?? "");
    const [one = ""] = (await files()).entries;
    await manager.getRecord(uids[1] ?? "");
    const two = (await files()).entries.find((path) => path !== one) ?? "";
    await writeFile(two, await readFile(one));
    cut();
    await expect(manager.getRecord(uids[1] ?? "")).rejects.toMatchObject(unreachable);
    expect((await manager.getRecord(uids[0] ?? "")).uid).toBe(uids[0]);
  });
});

/** After that long an unchanged response is written again. */
const rewriteMs = 60_000;

describe("an older state put back", () => {
  it("of an entry is not used, by the next process neither", async () => {
    const { manager, restart } = await device();
    await manager.getSecrets();
    const [entry = ""] = (await files()).entries;
    const old = await readFile(entry);
    clock.pass(rewriteMs);
    await manager.getSecrets();
    await writeFile(entry, old);
    cut();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
    restart();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
    expect(kinds()).toEqual(["rolled-back", "missed", "rolled-back", "missed"]);
  });

  it("of everything is not used by a process that has seen the newer one", async () => {
    const { manager } = await device();
    await manager.getSecrets();
    const old = new Map<string, Buffer>();
    for (const name of await readdir(directory)) old.set(name, await readFile(join(directory, name)));
    clock.pass(rewriteMs);
    await manager.getSecrets();
    for (const [name, bytes] of old) await writeFile(join(directory, name), bytes);
    cut();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
    expect(kinds()).toEqual(["rolled-back", "rolled-back", "missed"]);
    vault.faults.clear();
    clock.pass(1_000);
    await manager.getSecrets();
    cut();
    expect((await manager.getSecrets()).records).toHaveLength(5);
  });

  it("of before access was denied is not used", async () => {
    const { manager, restart } = await device();
    await manager.getSecrets();
    const [entry = ""] = (await files()).entries;
    const old = await readFile(entry);
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    clock.pass(1_000);
    await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" });
    expect((await files()).entries).toEqual([]);
    await writeFile(entry, old);
    restart();
    cut();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
  });
});

it("goes on without a ledger, and with a damaged one", async () => {
  const { manager, restart } = await device();
  await manager.getSecrets();
  await writeFile((await files()).ledger, "damaged");
  restart();
  cut();
  expect((await manager.getSecrets()).records).toHaveLength(5);
  vault.faults.clear();
  clock.pass(1);
  await manager.getSecrets();
  await rm((await files()).ledger);
  restart();
  cut();
  expect((await manager.getSecrets()).records).toHaveLength(5);
  expect(kinds()).toEqual(["unreadable", "unreadable", "served", "unreadable", "unreadable", "served"]);
});

describe("a store that", () => {
  const works = memoryStore();
  const noSpace = (): Promise<never> =>
    Promise.reject(Object.assign(new Error("disk full"), { code: "ENOSPC" }));
  const broken: Record<string, CacheStore> = {
    "is full": { ...works, update: noSpace },
    "cannot be read": { ...works, read: noSpace },
    "cannot do anything": {
      description: "broken",
      read: noSpace,
      update: noSpace,
      remove: noSpace,
      list: noSpace,
    },
    "throws at once": {
      ...works,
      read: () => {
        throw Object.assign(new Error("sync"), { code: "EIO" });
      },
    },
  };
  for (const [what, store] of Object.entries(broken)) {
    it(`${what} fails no call that the service answers, and hides no error`, async () => {
      const { manager } = await device({ store });
      expect((await manager.getSecrets()).records).toHaveLength(5);
      const record = await manager.getRecord(vault.owner.recordUids()[0] ?? "");
      record.setField("login", "new");
      await manager.updateRecord(record);
      expect(new Set(kinds())).toEqual(new Set(["store-failed"]));
      cut();
      await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
      vault.faults.clear();
      vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
      await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" });
    });
  }

  it("never answers costs its time limit only", async () => {
    const never = (): Promise<never> => new Promise(() => {});
    const store = { description: "stuck", read: never, update: never, remove: never, list: never };
    const limits: number[] = [];
    const { manager } = await device({
      store,
      storeTimeoutMs: 1_234,
      sleep: async (ms) => void limits.push(ms),
    });
    expect((await manager.getSecrets()).records).toHaveLength(5);
    cut();
    await expect(manager.getSecrets()).rejects.toMatchObject(unreachable);
    expect(new Set(limits)).toEqual(new Set([1_234]));
    expect(kinds()).toEqual(["store-failed", "store-failed", "missed"]);
  });

  it("lies in a directory that cannot be made harms no online read", async () => {
    await writeFile(join(directory, "file"), "");
    const { manager } = await device({ store: fileStore({ directory: join(directory, "file", "below") }) });
    expect((await manager.getSecrets()).records).toHaveLength(5);
    expect(kinds()).toEqual(["store-failed"]);
  });
});

it("a listener that throws harms nothing", async () => {
  const { manager } = await device({
    onEvent: () => {
      throw new RangeError("listener");
    },
  });
  await manager.getSecrets();
  cut();
  expect((await manager.getSecrets()).records).toHaveLength(5);
});

it("of two processes that write at the same time, the newer answer stays, and all entries are known", async () => {
  const uids = vault.owner.recordUids();
  let caches = [0, 1, 2, 3].map(
    () => new DisasterCache({ store: fileStore({ directory }), clock: clock.read }),
  );
  let turn = 0;
  const manager = await boundClient(vault, clock, (call, next) =>
    caches[turn++ % caches.length]!.middleware(call, next),
  );
  await Promise.all([0, 1].flatMap(() => uids.map((uid) => manager.getRecord(uid))));
  await Promise.all([manager.getSecrets(), manager.getSecrets(), manager.getFolders()]);
  caches = [new DisasterCache({ store: fileStore({ directory }), clock: clock.read })];
  const { entries } = await caches[0]!.status(manager);
  expect(entries.map(({ kind }) => kind).toSorted()).toEqual([
    "folders",
    "listing",
    ...uids.map(() => "record"),
  ]);
});

it("keeps no more entries than it may", async () => {
  const store = memoryStore();
  const { manager, restart } = await device({ store, maxEntries: 3 });
  for (const uid of vault.owner.recordUids()) {
    clock.pass(10);
    await manager.getRecord(uid);
  }
  const { entries } = await restart().status(manager);
  expect(entries.map(({ uid }) => uid)).toEqual(vault.owner.recordUids().slice(-3).toReversed());
  expect(await store.list("")).toHaveLength(4);
});
