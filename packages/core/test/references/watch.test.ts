import { spawnSync } from "node:child_process";
import { inspect } from "node:util";
import { platformRandom } from "@ksmkit/common";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { watch, type WatchHandle, type WatchUpdate } from "../../src/references/watch.ts";
import { memoryStorage } from "../../src/config/storage.ts";
import { RecordError, ThrottledError } from "../../src/errors/errors.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";
import { FakeSleep } from "./fake-sleep.ts";

let vault: Vault;
let config: string;
let fakeSleep: FakeSleep;
let manager: SecretsEditor;
let shop: string;
let database: string;
const open: { stop(): void }[] = [];

beforeAll(async () => {
  vault = await startLocalVault();
  const first = localClient(vault);
  for (const { title, uid } of (await first.getSecrets()).records) {
    if (title === "Web shop") shop = uid;
    if (title === "Orders database") database = uid;
  }
  config = await first.exportConfig();
});
beforeEach(() => {
  fakeSleep = new FakeSleep();
  // 128 of 256 is the middle of the jitter.
  manager = localClient(vault, {
    storage: memoryStorage(config),
    token: undefined,
    sleep: fakeSleep.sleep,
    random: (length) => (length === 1 ? Uint8Array.of(128) : platformRandom(length)),
  });
});
afterEach(() => {
  vault.faults.clear();
  for (const watching of open.splice(0)) watching.stop();
});
afterAll(() => vault.close());

/** The watch itself; it is ended after the test, whatever happens. */
function kept<W extends { stop(): void }>(watching: W): W {
  open.push(watching);
  return watching;
}

/** The next update of a watch, which must not be at its end. */
async function nextOf<U>(watching: AsyncIterable<U>): Promise<U> {
  const { value } = await watching[Symbol.asyncIterator]().next();
  if (value === undefined) throw new Error("the watch has ended");
  return value;
}

/** Lets one wait pass and the poll after it end. */
async function poll(): Promise<void> {
  (await fakeSleep.next()).wake();
  const after = await fakeSleep.next();
  // For the next one to find.
  void fakeSleep.sleep(after.ms).then(after.wake);
}

/** What is left of a watch until its end. */
async function allOf<R, O>(watching: WatchHandle<R, O>): Promise<WatchUpdate<R, O>[]> {
  const updates: WatchUpdate<R, O>[] = [];
  for await (const update of watching) updates.push(update);
  return updates;
}

const reads = (): number => vault.log.filter(({ endpoint }) => endpoint === "get_secret").length;
const setPassword = (uid: string, password: string): Promise<unknown> =>
  manager.patchRecord(uid, (record) => record.setField("password", password));

describe("updates", () => {
  it("come first with everything, then when a value changed", async () => {
    const watching = kept(
      watch(manager, {
        password: `keeper://${shop}/field/password`,
        login: { uid: shop, field: "login" },
      }),
    );
    expect(watching.values).toBeUndefined();
    expect(await nextOf(watching)).toEqual({
      values: { password: "correct horse battery staple", login: "anna@example.com" },
      changed: ["password", "login"],
      problems: [],
      error: undefined,
      freshness: expect.objectContaining({ source: "service" }),
    });
    await setPassword(shop, "n3w");
    await poll();
    expect(await nextOf(watching)).toMatchObject({
      values: { password: "n3w", login: "anna@example.com" },
      changed: ["password"],
    });
    expect(watching.values).toEqual({ password: "n3w", login: "anna@example.com" });
    await setPassword(shop, "correct horse battery staple");
  });

  it("do not come while nothing changed, nor when something else of the record did", async () => {
    const watching = kept(watch(manager, { login: `keeper://${shop}/field/login` }));
    await nextOf(watching);
    await poll();
    await setPassword(shop, "other"); // a new revision, the same login
    await poll();
    await manager.patchRecord(shop, (record) => record.setField("login", "berta"));
    await poll();
    expect(await nextOf(watching)).toMatchObject({ values: { login: "berta" }, changed: ["login"] });
    await manager.patchRecord(shop, (record) => record.setField("login", "anna@example.com"));
  });

  it("compare values when the service tells no revision", async () => {
    const bare = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      sleep: fakeSleep.sleep,
      middleware: async (call, next) => {
        const answer = await next(call);
        const text = JSON.stringify(answer.json).replaceAll(/"revision":\d+,?/g, "");
        return { ...answer, json: JSON.parse(text) as Record<string, unknown> };
      },
    });
    const watching = kept(
      watch(bare, {
        host: { uid: database, field: "host" },
        record: { uid: database },
        login: { uid: database, field: "login" },
      }),
    );
    expect((await nextOf(watching)).values?.record.revision).toBe(0);
    await poll();
    await manager.patchRecord(database, (record) => record.setField("host", { hostName: "new", port: "1" }));
    await poll();
    expect(await nextOf(watching)).toMatchObject({
      values: { host: { hostName: "new", port: "1" } },
      changed: ["host", "record"],
    });
  });

  it("tell of a renamed record that a title now leads to", async () => {
    const watching = kept(
      watch(manager, { type: "keeper://Web shop/type", text: { title: "Web shop", field: "login" } }),
    );
    await nextOf(watching);
    await manager.patchRecord(shop, (record) => {
      record.data["title"] = "Old shop";
    });
    const other = await vault.owner.addRecord({
      type: "login",
      title: "Web shop",
      fields: { login: "carla" },
    });
    await poll();
    expect(await nextOf(watching)).toMatchObject({
      values: { type: "login", text: "carla" },
      changed: ["text"],
    });
    await vault.owner.removeRecord(other);
    await manager.patchRecord(shop, (record) => {
      record.data["title"] = "Web shop";
    });
  });

  it("are merged for a slow reader: the latest values, all the changes", async () => {
    const watching = kept(
      watch(manager, {
        shop: `keeper://${shop}/field/password`,
        database: `keeper://${database}/field/password`,
      }),
    );
    await nextOf(watching);
    await setPassword(shop, "one");
    await poll();
    await setPassword(database, "two");
    await poll();
    await setPassword(shop, "three");
    await poll();
    expect(await nextOf(watching)).toMatchObject({
      values: { shop: "three", database: "two" },
      changed: ["shop", "database"],
    });
    await setPassword(shop, "four");
    await poll();
    expect(await nextOf(watching)).toMatchObject({ changed: ["shop"] });
  });

  it("hand out copies, so that what a reader overwrites stays known", async () => {
    const watching = kept(
      watch(manager, {
        file: { uid: shop, file: "recovery-codes.txt" },
        host: { uid: database, field: "host" },
      }),
    );
    const { values } = await nextOf(watching);
    values?.file.fill(0);
    if (values) values.host.port = "0";
    expect(watching.values?.file[0]).toBe(0x31);
    expect(watching.values?.host.port).not.toBe("0");
  });

  it("give secrets and texts on request, and print as names", async () => {
    const watching = kept(
      watch(manager, { file: { uid: shop, file: "recovery-codes.txt" } }, { secret: true, text: true }),
    );
    const update = await nextOf(watching);
    expect(update.values?.file.use((text) => text)).toContain("11111");
    const plain = kept(watch(manager, { login: { uid: shop, field: "login" } }));
    for (const shown of [
      inspect(await nextOf(plain), { depth: null }),
      inspect(plain),
      JSON.stringify(plain),
    ]) {
      expect(shown).not.toContain("anna");
    }
  });
});

describe("polls", () => {
  it("serve all watches of a client with one request", async () => {
    const before = reads();
    const watchings = [
      kept(watch(manager, { a: `keeper://${shop}/type` })),
      kept(watch(manager, { b: `keeper://${database}/type` }, { intervalMs: 5000 })),
      kept(watch(manager, { c: { uid: shop } })),
    ];
    for (const watching of watchings) await nextOf<unknown>(watching);
    expect(reads() - before).toBe(1);
    expect(vault.log.at(-1)?.payload?.["requestedRecords"]).toEqual([shop, database]);
    const wait = await fakeSleep.next();
    expect(wait.ms).toBe(5000); // the most eager one's interval
    wait.wake();
    expect((await fakeSleep.next()).ms).toBe(5000);
    expect(reads() - before).toBe(2);
  });

  it("read at once for a watch that begins later", async () => {
    await nextOf(kept(watch(manager, { a: `keeper://${shop}/type` })));
    await fakeSleep.next();
    const before = reads();
    await nextOf(kept(watch(manager, { b: `keeper://${database}/type` })));
    expect(reads() - before).toBe(1);
  });

  it("read again at once for a watch that begins during a poll", async () => {
    const before = reads();
    const first = kept(watch(manager, { a: `keeper://${shop}/type` }));
    const update = nextOf(first);
    await undefined;
    await undefined;
    const second = kept(watch(manager, { b: `keeper://${database}/type` }));
    await update;
    await nextOf(second);
    expect(reads() - before).toBe(2);
    expect(fakeSleep.pending).toBeLessThan(2);
  });

  it("stay wakeable when the wait of an earlier one ends late", async () => {
    const late: (() => void)[] = [];
    const client = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      sleep: (ms, signal) =>
        late.length > 0
          ? fakeSleep.sleep(ms, signal)
          : new Promise((resolve) => {
              late.push(resolve); // and deaf to its signal
              void fakeSleep.sleep(ms);
            }),
    });
    const first = watch(client, { a: `keeper://${shop}/type` });
    await fakeSleep.next();
    first.stop();
    await nextOf(kept(watch(client, { a: `keeper://${shop}/type` })));
    await fakeSleep.next();
    late[0]?.();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(await nextOf(kept(watch(client, { a: `keeper://${shop}/type` })))).toMatchObject({
      values: { a: "login" },
    });
  });

  it("belong to one client each", async () => {
    const other = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      sleep: fakeSleep.sleep,
    });
    const before = reads();
    await nextOf(kept(watch(manager, { a: `keeper://${shop}/type` })));
    await nextOf(kept(watch(other, { a: `keeper://${shop}/type` })));
    expect(reads() - before).toBe(2);
  });

  it.each([
    [0, 54_000],
    [128, 60_000],
    [255, 65_953],
  ])("vary by a tenth: chance %i", async (byte, ms) => {
    const client = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      sleep: fakeSleep.sleep,
      random: (length) => new Uint8Array(length).fill(byte),
    });
    kept(watch(client, { a: `keeper://${shop}/type` }));
    expect((await fakeSleep.next()).ms).toBe(ms);
  });

  it("do not download a file again that is still the same", async () => {
    const downloads = (): number => vault.log.filter(({ endpoint }) => endpoint === "download").length;
    const watching = kept(watch(manager, { file: { uid: shop, file: "recovery-codes.txt" } }));
    await nextOf(watching);
    const before = downloads();
    await poll();
    await setPassword(shop, "new revision");
    await poll();
    expect(downloads()).toBe(before);
    await manager.uploadFile(await manager.getRecord(shop), {
      name: "recovery-codes.txt",
      data: new Uint8Array(3),
    });
    await poll();
    expect((await nextOf(watching)).problems).toMatchObject([{ code: "ERR_KSM_NOTATION_FILE_AMBIGUOUS" }]);
    const [file] = (await manager.getRecord(shop)).files;
    await manager.patchRecord(shop, () => {}, { removeFiles: file?.uid ?? "" });
    await poll();
    expect(await nextOf(watching)).toMatchObject({
      values: { file: new Uint8Array(3) },
      changed: ["file"],
      problems: [],
    });
  });
});

describe("what was read", () => {
  it("counts at once: nobody sees a new password beside an old file", async () => {
    let gate = Promise.resolve();
    let reached = (): void => {};
    const client = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      sleep: fakeSleep.sleep,
      fetch: async (url, init) => {
        if (init?.method === "GET") reached();
        if (init?.method === "GET") await gate;
        return vault.fetch(url, init);
      },
    });
    const uid = await vault.owner.addRecord({
      type: "login",
      title: "Pair",
      fields: { password: "old" },
      files: [{ name: "key", content: "old" }],
    });
    const watching = kept(
      watch(client, { password: { uid, field: "password" }, key: { uid, file: "key" } }, { text: true }),
    );
    await nextOf(watching);
    const [old] = (await manager.getRecord(uid)).files;
    await manager.uploadFile(await manager.getRecord(uid), {
      name: "key",
      data: new TextEncoder().encode("new"),
    });
    await manager.patchRecord(uid, (record) => record.setField("password", "new"), {
      removeFiles: old?.uid ?? "",
    });
    let open = (): void => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const downloading = new Promise<void>((resolve) => {
      reached = resolve;
    });
    (await fakeSleep.next()).wake();
    await downloading;
    expect(watching.values).toEqual({ password: "old", key: "old" });
    open();
    expect(await nextOf(watching)).toMatchObject({
      values: { password: "new", key: "new" },
      changed: ["password", "key"],
    });
    await vault.owner.removeRecord(uid);
  });
});

describe("trouble", () => {
  it("of a poll is told once, keeps the last good values, and makes polls rarer", async () => {
    const watching = kept(watch(manager, { login: `keeper://${database}/field/login` }));
    await nextOf(watching);
    vault.faults.add({ kind: "status", status: 500, body: "", times: 2 });
    await poll();
    expect(await nextOf(watching)).toMatchObject({
      values: { login: "orders" },
      changed: [],
      error: { code: "ERR_KSM_TRANSPORT_REFUSED" },
    });
    expect((await fakeSleep.next()).ms).toBe(120_000);
    vault.faults.clear();
  });

  it("of polls in a row doubles the wait up to ten minutes, until one succeeds", async () => {
    const watching = kept(watch(manager, { login: `keeper://${database}/field/login` }));
    const first = await fakeSleep.next();
    vault.faults.add({ kind: "status", status: 500, body: "", times: "always" });
    const waits: number[] = [];
    let wait = first;
    for (let i = 0; i < 6; i++) {
      wait.wake();
      wait = await fakeSleep.next();
      waits.push(wait.ms);
    }
    expect(waits).toEqual([120_000, 240_000, 480_000, 600_000, 600_000, 600_000]);
    expect(await nextOf(watching)).toMatchObject({
      values: { login: "orders" },
      error: { name: "TransportError" },
    });
    vault.faults.clear();
    wait.wake();
    expect(await nextOf(watching)).toMatchObject({
      values: { login: "orders" },
      changed: [],
      error: undefined,
    });
    expect((await fakeSleep.next()).ms).toBe(60_000);
  });

  it.each([
    [170_000, 170_000],
    [1e15, 86_400_000], // a timer asked for that would fire at once
  ])("waits at least as long as the service asks when it throttles: %i ms", async (retryAfterMs, ms) => {
    const client = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      sleep: fakeSleep.sleep,
      middleware: () => {
        throw new ThrottledError("throttled", retryAfterMs);
      },
    });
    kept(watch(client, { a: `keeper://${shop}/type` }, { intervalMs: 1000 }));
    expect((await fakeSleep.next()).ms).toBe(ms);
  });

  it("at the start means no values yet, and they come when it is over", async () => {
    vault.faults.add({ kind: "drop", when: "before" });
    const watching = kept(watch(manager, { a: `keeper://${shop}/type`, b: "keeper://Late/type" }));
    expect(await nextOf(watching)).toMatchObject({
      values: undefined,
      changed: [],
      error: { code: "ERR_KSM_TRANSPORT_NETWORK" },
    });
    await poll();
    expect(await nextOf(watching)).toMatchObject({
      values: undefined,
      changed: [],
      problems: [{ name: "b", code: "ERR_KSM_NOTATION_RECORD_NOT_FOUND" }],
      error: undefined,
    });
    const added = await vault.owner.addRecord({ type: "login", title: "Late", fields: {} });
    await poll();
    expect(await nextOf(watching)).toMatchObject({ values: { a: "login", b: "login" }, changed: ["a", "b"] });
    await vault.owner.removeRecord(added);
    await poll();
    expect(await nextOf(watching)).toMatchObject({
      values: { a: "login", b: "login" },
      changed: [],
      problems: [{ name: "b" }],
    });
  });

  it("of one watch is none of the others", async () => {
    const [good, bad] = [
      kept(watch(manager, { a: `keeper://${shop}/type` })),
      kept(watch(manager, { a: `keeper://${shop}/field/none` })),
    ];
    expect(await nextOf(good)).toMatchObject({ values: { a: "login" }, problems: [] });
    expect((await nextOf(bad)).problems).toHaveLength(1);
  });

  it("with a download is tried again although the revision is the same", async () => {
    vault.faults.add({ kind: "garbage", endpoint: "download" });
    const added = await vault.owner.addRecord({
      type: "login",
      title: "With file",
      files: [{ name: "f", content: "x" }],
    });
    const watching = kept(watch(manager, { f: { uid: added, file: "f" } }));
    expect((await nextOf(watching)).problems).toMatchObject([{ code: "ERR_KSM_FILE_UNAVAILABLE" }]);
    await poll();
    expect(await nextOf(watching)).toMatchObject({ changed: ["f"], problems: [] });
    await vault.owner.removeRecord(added);
  });

  it("that is no failure of the service ends the watch, and the next one starts afresh", async () => {
    const broken = new TypeError("a defect");
    const client = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      sleep: fakeSleep.sleep,
      middleware: (call, next) => {
        if (reads() === failAt) throw broken;
        return next(call);
      },
    });
    const failAt = reads();
    const watching = watch(client, { a: `keeper://${shop}/type` });
    await expect(nextOf(watching)).rejects.toBe(broken);
    await watching.ended;
    await manager.getRecord(shop);
    expect((await nextOf(kept(watch(client, { a: `keeper://${shop}/type` })))).values).toEqual({
      a: "login",
    });
  });
});

describe("the end", () => {
  it("comes with stop, dispose, the signal, and when the loop is left", async () => {
    const references = { a: `keeper://${shop}/type` } as const;
    const controller = new AbortController();
    const stopped = watch(manager, references);
    const aborted = watch(manager, references, { signal: controller.signal });
    let disposed: WatchHandle<typeof references>;
    let disposedLater: WatchHandle<typeof references>;
    {
      using watching = watch(manager, references);
      await using later = watch(manager, references);
      disposed = watching;
      disposedLater = later;
    }
    for await (const { values } of watch(manager, references)) {
      expect(values).toEqual({ a: "login" });
      break;
    }
    stopped.stop();
    stopped.stop();
    controller.abort();
    for (const watching of [stopped, aborted, disposed, disposedLater]) {
      await watching.ended;
      expect(await allOf(watching)).toEqual([]);
    }
  });

  it("comes to a loop that waits", async () => {
    const watching = watch(manager, { a: `keeper://${shop}/type` });
    await nextOf(watching);
    await fakeSleep.next();
    const waiting = watching[Symbol.asyncIterator]().next();
    watching.stop();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it("gives up the poll under way, and asks nothing when it was there from the start", async () => {
    const before = reads();
    const never = watch(manager, { a: `keeper://${shop}/type` }, { signal: AbortSignal.abort() });
    expect(await allOf(never)).toEqual([]);
    expect(reads()).toBe(before);

    let asked = (): void => {};
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let signal: AbortSignal | undefined;
    const client = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      middleware: (call) => {
        ({ signal } = call.wait);
        asked();
        return new Promise((_, reject) => {
          signal?.addEventListener("abort", () => reject(new RecordError("ERR_KSM_ABORTED", "aborted")));
        });
      },
    });
    const watching = watch(client, { a: `keeper://${shop}/type` });
    await asking;
    watching.stop();
    expect(signal?.aborted).toBe(true);
    expect(await allOf(watching)).toEqual([]);
  });

  it("of one watch leaves the others running", async () => {
    const [one, two] = [
      watch(manager, { a: `keeper://${database}/field/password` }),
      kept(watch(manager, { a: `keeper://${database}/field/password` })),
    ];
    await nextOf(one);
    await nextOf(two);
    one.stop();
    await setPassword(database, "after");
    await poll();
    expect((await nextOf(two)).values).toEqual({ a: "after" });
  });

  it("lets the process end, unless the wait is to keep it alive", () => {
    const program = new URL("./watch-program.ts", import.meta.url).pathname;
    const run = (keepAlive: string): unknown =>
      spawnSync(process.execPath, ["--conditions=ksmkit-source", program, keepAlive], {
        encoding: "utf8",
        timeout: 20_000,
      });
    expect(run("")).toMatchObject({ status: 0, stdout: "login\nnothing left to do\n", stderr: "" });
    expect(run("keepAlive")).toMatchObject({ status: 0, stdout: "login\nstill here\n", stderr: "" });
  });
});

describe("a callback", () => {
  it("receives the updates one after the other", async () => {
    const seen: unknown[] = [];
    let running = 0;
    let tell = (): void => {};
    const second = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const watching = watch(manager, { a: `keeper://${database}/field/login` }, async ({ values }) => {
      expect(++running).toBe(1);
      await undefined;
      running--;
      seen.push(values?.a);
      if (seen.length === 2) tell();
    });
    const { wake } = await fakeSleep.next();
    await manager.patchRecord(database, (record) => record.setField("login", "new"));
    wake();
    await second;
    expect(seen).toEqual(["orders", "new"]);
    expect(() => watching[Symbol.asyncIterator]()).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
    watching.stop();
    await watching.ended;
  });

  it("that throws ends the watch with what it threw", async () => {
    const watching = watch(
      manager,
      { a: `keeper://${shop}/type` },
      () => {
        throw new RangeError("mine");
      },
      { intervalMs: 1000 },
    );
    await expect(watching.ended).rejects.toThrow("mine");
  });
});

describe("arguments", () => {
  it.each([0, 999, 86_400_001, Number.NaN, "60000"])("refuse an interval of %s", (intervalMs) => {
    expect(() => watch(manager, { a: "x" }, { intervalMs: intervalMs as number })).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });

  it("refuse references that cannot be understood, all at once", () => {
    expect(() => watch(manager, {})).toThrow(expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }));
    expect(() => watch(manager, { a: "keeper://x", b: "", c: "fine" })).toThrow(
      expect.objectContaining({
        code: "ERR_KSM_RESOLVE_INCOMPLETE",
        problems: [expect.objectContaining({ name: "a" }), expect.objectContaining({ name: "b" })],
      }),
    );
  });
});
