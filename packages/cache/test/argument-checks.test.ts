/** What programs without types pass by mistake: a coded error with the nearest name. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Vault } from "@ksmkit/emulator";
import { DisasterCache } from "../src/disaster/disaster-cache.ts";
import { ReadCache } from "../src/read/read-cache.ts";
import { memorySharedStore } from "../src/shared/memory-shared-store.ts";
import { SharedCache } from "../src/shared/shared-cache.ts";
import { memoryStore } from "../src/store/memory-store.ts";
import { boundClient, startLocalVault, TestClock } from "./support/local-client.ts";

const code = "ERR_CACHE_ARGUMENT_INVALID";
const store = memoryStore();
const shared = memorySharedStore();
const client = { getSecrets() {}, getFolders() {}, downloadFile() {} };

it.each<[string, new (options: never) => object, unknown, string]>([
  ["DisasterCache", DisasterCache, undefined, "The options of DisasterCache must be an object."],
  ["DisasterCache", DisasterCache, store.read, "The options of DisasterCache must be an object."],
  ["DisasterCache", DisasterCache, {}, "Option store must be a store such as memoryStore()."],
  [
    "DisasterCache",
    DisasterCache,
    { store, maxStale: 5 },
    "Unknown option maxStale; did you mean maxStaleMs?",
  ],
  ["DisasterCache", DisasterCache, { store, onevent() {} }, "Unknown option onevent; did you mean onEvent?"],
  ["DisasterCache", DisasterCache, { store, onEvent: {} }, "Option onEvent must be a function."],
  [
    "DisasterCache",
    DisasterCache,
    { store, official: "cache.dat" },
    "Option official must be an officialCacheFile().",
  ],
  ["SharedCache", SharedCache, null, "The options of SharedCache must be an object."],
  ["SharedCache", SharedCache, { store: shared, ttl: 5 }, "Unknown option ttl; did you mean ttlMs?"],
  [
    "SharedCache",
    SharedCache,
    { store: shared, ttlMs: "5" },
    "Option ttlMs must be a number of milliseconds from 1 to 2147483647.",
  ],
  ["ReadCache", ReadCache, client, "Option client must be a client, or a function that makes one."],
  ["ReadCache", ReadCache, { client, maxRecord: 5 }, "Unknown option maxRecord; did you mean maxRecords?"],
  ["ReadCache", ReadCache, { client, timer: 5 }, "Option timer must be a function."],
])("new %s: %s", (_name, Cache, options, message) => {
  // A client in the place of options has none of their names, and several of its own.
  const expected = options === client ? expect.stringMatching(/^Unknown option getSecrets/) : message;
  expect(() => new Cache(options as never)).toThrow(expect.objectContaining({ code, message: expected }));
});

let vault: Vault;
beforeAll(async () => {
  vault = await startLocalVault();
});
afterAll(() => vault.close());

it.each([
  ["getSecrets", [["uid"]], "The options of getSecrets must be an object."],
  ["getSecrets", [null], "The options of getSecrets must be an object."],
  ["getSecrets", [{ uid: ["x"] }], "Unknown option uid; did you mean uids?"],
  ["getSecrets", [{ uids: [1] }], "Option uids must be a uid or a list of uids."],
  ["getSecrets", [{ fresh: "yes" }], "Option fresh must be true or false."],
  ["getRecord", ["x", { link: true }], "Unknown option link; did you mean links?"],
  ["getFolders", [{ fesh: true }], "Unknown option fesh; did you mean fresh?"],
  ["getFolders", [null], "The options of getFolders must be an object."],
])("ReadCache.%s(...%j): %s, from memory too", async (method, passed, message) => {
  const cache = new ReadCache({ client: await boundClient(vault, new TestClock()) });
  await cache.getSecrets();
  await cache.getFolders();
  const untyped = cache as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>;
  await expect(untyped[method]?.(...passed)).rejects.toMatchObject({ code, message });
});
