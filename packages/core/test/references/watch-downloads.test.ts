/** Downloads of watched files from a host that never answers: they delay no other value. */
import { platformRandom } from "@ksmkit/common";
import type { SeedRecord, Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { watch } from "../../src/references/watch.ts";
import { memoryStorage } from "../../src/config/storage.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";
import { FakeSleep } from "./fake-sleep.ts";

let vault: Vault;
let config: string;
let manager: SecretsEditor;
const added: string[] = [];

beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
  await manager.bind();
  config = await manager.exportConfig();
});
afterEach(async () => {
  for (const uid of added.splice(0)) await vault.owner.removeRecord(uid);
});
afterAll(() => vault.close());

async function add(record: Partial<SeedRecord>): Promise<string> {
  const uid = await vault.owner.addRecord({ type: "login", title: "Added", ...record });
  added.push(uid);
  return uid;
}

describe("a file host that never answers", () => {
  let fakeSleep: FakeSleep;
  let watcher: SecretsEditor;
  /** Downloads under way: each goes on when it is let go. */
  let held: { readonly signal: AbortSignal | undefined; readonly letGo: () => void }[];
  let isHolding: boolean;
  const open: { stop(): void }[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "hrtime"] });
    fakeSleep = new FakeSleep();
    held = [];
    isHolding = true;
    watcher = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      sleep: fakeSleep.sleep,
      random: (length) => (length === 1 ? Uint8Array.of(128) : platformRandom(length)),
      fetch: async (url, init) => {
        if (isHolding && !/\/api\/rest\//.test(url)) {
          await new Promise<void>((resolve, reject) => {
            const { signal } = init;
            signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
            held.push({ signal, letGo: resolve });
          });
        }
        return vault.fetch(url, init);
      },
    });
  });
  afterEach(() => {
    for (const watching of open.splice(0)) watching.stop();
    vi.useRealTimers();
  });

  function kept<W extends { stop(): void }>(watching: W): W {
    open.push(watching);
    return watching;
  }

  async function nextOf<U>(watching: AsyncIterable<U>): Promise<U> {
    const { value } = await watching[Symbol.asyncIterator]().next();
    if (value === undefined) throw new Error("the watch has ended");
    return value;
  }

  const rotate = (uid: string, password: string): Promise<unknown> =>
    manager.patchRecord(uid, (record) => record.setField("password", password));
  const unavailable = [{ name: "cert", code: "ERR_KSM_FILE_UNAVAILABLE" }];

  async function addBoth(): Promise<{ db: string; web: string }> {
    const db = await add({ fields: { login: "anna", password: "old" } });
    const web = await add({
      fields: { login: "anna", password: "old" },
      files: [{ name: "cert.pem", content: "one" }],
    });
    return { db, web };
  }

  it.each([
    [5000, 5000],
    [1000, 1000],
    [3_600_000, 30_000],
  ])("holds up no other watch, and is given up: interval %i ms, after %i ms", async (intervalMs, limitMs) => {
    const { db, web } = await addBoth();
    const password = kept(watch(watcher, { a: { uid: db, field: "password" } }, { intervalMs: 60_000 }));
    const cert = kept(watch(watcher, { cert: { uid: web, file: "cert.pem" } }, { intervalMs }));
    expect((await nextOf(password)).values).toEqual({ a: "old" });
    const told = nextOf(cert);
    for (const value of ["new", "newer"]) {
      await rotate(db, value);
      (await fakeSleep.next()).wake();
      expect((await nextOf(password)).values).toEqual({ a: value });
    }
    // One that begins meanwhile is not held up either.
    const late = kept(watch(watcher, { login: { uid: db, field: "login" } }));
    expect((await nextOf(late)).values).toEqual({ login: "anna" });
    expect(held).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(limitMs - 1);
    expect(held[0]?.signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await told).toMatchObject({ values: undefined, problems: unavailable });
    isHolding = false;
    for (let wait = await fakeSleep.next(); ; wait = await fakeSleep.next()) {
      wait.wake();
      if (fakeSleep.pending === 0) break;
    }
    expect(await nextOf(cert)).toMatchObject({ values: { cert: expect.any(Uint8Array) }, problems: [] });
  });

  it("leaves the plain values of its own watch and the last good content", async () => {
    const { db, web } = await addBoth();
    isHolding = false;
    const references = {
      other: { uid: db, field: "password" },
      own: { uid: web, field: "password" },
      cert: { uid: web, file: "cert.pem" },
    } as const;
    const watching = kept(watch(watcher, references, { text: true }));
    expect((await nextOf(watching)).values).toEqual({ other: "old", own: "old", cert: "one" });
    isHolding = true;
    await replaceCert(web, "two");
    await rotate(web, "new");
    await rotate(db, "new");
    (await fakeSleep.next()).wake();
    expect(await nextOf(watching)).toMatchObject({
      values: { other: "new", own: "old", cert: "one" },
      changed: ["other"],
      problems: [],
    });
    // Those of the file's own record belong together, as long as there is hope.
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await nextOf(watching)).toMatchObject({
      values: { other: "new", own: "new", cert: "one" },
      changed: ["own"],
      problems: unavailable,
    });
    await rotate(db, "newer");
    (await fakeSleep.next()).wake();
    expect(await nextOf(watching)).toMatchObject({ changed: ["other"], problems: unavailable });
    isHolding = false;
    held.at(-1)?.letGo();
    expect(await nextOf(watching)).toMatchObject({
      values: { other: "newer", own: "new", cert: "two" },
      changed: ["cert"],
      problems: [],
    });
  });

  it("gives way to the newest read when it answers late", async () => {
    const { web } = await addBoth();
    const references = {
      password: { uid: web, field: "password" },
      cert: { uid: web, file: "cert.pem" },
    } as const;
    const watching = kept(watch(watcher, references, { text: true }));
    const told = nextOf(watching);
    const wait = await fakeSleep.next();
    await vi.waitUntil(() => held.length === 1);
    await replaceCert(web, "two");
    await rotate(web, "new");
    wait.wake();
    await fakeSleep.next();
    expect(held).toHaveLength(1);
    isHolding = false;
    held[0]?.letGo();
    expect(await told).toMatchObject({
      values: { password: "new", cert: "two" },
      changed: ["password", "cert"],
    });
  });

  it("is let go of when its watch ends, though others go on", async () => {
    const { db, web } = await addBoth();
    const password = kept(watch(watcher, { a: { uid: db, field: "password" } }));
    const cert = watch(watcher, { cert: { uid: web, file: "cert.pem" } });
    await nextOf(password);
    await vi.waitUntil(() => held.length === 1);
    cert.stop();
    await cert.ended;
    expect(held[0]?.signal?.aborted).toBe(true);
    await rotate(db, "new");
    (await fakeSleep.next()).wake();
    expect((await nextOf(password)).values).toEqual({ a: "new" });
  });

  async function replaceCert(uid: string, content: string): Promise<void> {
    const [old] = (await manager.getRecord(uid)).files;
    await manager.uploadFile(await manager.getRecord(uid), {
      name: "cert.pem",
      data: new TextEncoder().encode(content),
    });
    await manager.patchRecord(uid, () => {}, { removeFiles: old?.uid ?? "" });
  }
});
