import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStorage } from "unstorage";
import fsDriver from "unstorage/drivers/fs";
import { describe, expect, it } from "vitest";
import { fileStore } from "../../src/node/file-store.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { unstorageStore } from "../../src/store/unstorage-store.ts";
import { cacheStoreConformance } from "../../src/testing/index.ts";

const runner = { describe, it, expect };

cacheStoreConformance(runner, {
  name: "memory",
  create: async () => {
    const store = memoryStore();
    return { store, reopen: async () => store };
  },
});

cacheStoreConformance(runner, {
  name: "file",
  create: async () => {
    const base = await mkdtemp(join(tmpdir(), "ksmkit-cache-"));
    const open = () => fileStore({ directory: join(base, "deep", "cache") });
    return { store: open(), reopen: async () => open(), cleanup: () => rm(base, { recursive: true }) };
  },
});

cacheStoreConformance(runner, {
  name: "unstorage in memory",
  create: async () => {
    const storage = createStorage();
    return { store: unstorageStore({ storage }), reopen: async () => unstorageStore({ storage }) };
  },
  atomic: false,
});

cacheStoreConformance(runner, {
  name: "unstorage in files",
  create: async () => {
    const base = await mkdtemp(join(tmpdir(), "ksmkit-cache-"));
    const open = () =>
      unstorageStore({ storage: createStorage({ driver: fsDriver({ base }) }), base: "app" });
    return { store: open(), reopen: async () => open(), cleanup: () => rm(base, { recursive: true }) };
  },
  atomic: false,
});

it("an unstorage store keeps to its part of the storage", async () => {
  const storage = createStorage();
  await storage.setItem("other:key", "theirs");
  const store = unstorageStore({ storage, base: "mine" });
  await store.update("a-1", () => Uint8Array.of(1));
  expect(await storage.getKeys()).toEqual(["other:key", "mine:a-1"]);
  expect(await store.list("")).toEqual(["a-1"]);
  await storage.setItem("mine:a-1", "not base64 at all!");
  expect(await store.read("a-1")).toEqual(new Uint8Array());
});

it("refuses options that cannot work", () => {
  const refused = expect.objectContaining({ code: "ERR_CACHE_ARGUMENT_INVALID" });
  expect(() => unstorageStore({ storage: {} as never })).toThrow(refused);
  expect(() => unstorageStore({ storage: createStorage(), base: "a:b" })).toThrow(refused);
  expect(() => fileStore({ directory: "" })).toThrow(refused);
});
