/** A store that is slow or hangs. */
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { CacheEventKind } from "../../src/event.ts";
import { memorySharedStore } from "../../src/shared/memory-shared-store.ts";
import { SharedCache } from "../../src/shared/shared-cache.ts";
import type { CacheStore } from "../../src/store/cache-store.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { unstorageStore } from "../../src/store/unstorage-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

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
