/** Links that somebody planted in the place of a cache's files, and directories where they may. */
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { DisasterCacheOptions } from "../../src/disaster/options.ts";
import type { CacheEvent } from "../../src/event.ts";
import { fileStore } from "../../src/node/file-store.ts";
import { officialCacheFile } from "../../src/node/official-cache-file.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

let directory: string;
let folder: string;
let victim: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-planted-"));
  folder = join(directory, "cache");
  victim = join(directory, "victim");
  await mkdir(folder);
  await writeFile(victim, "precious");
});
afterEach(() => rm(directory, { recursive: true }));

const bytes = Uint8Array.of(1, 2, 3);
const hasOwnFile = async (path: string): Promise<void> => {
  expect((await lstat(path)).isFile()).toBe(true);
  expect([...(await readFile(path))]).toEqual([1, 2, 3]);
  expect(await readFile(victim, "utf8")).toBe("precious");
};

it("an entry replaces a planted link, and is not read through it", async () => {
  const store = fileStore({ directory: folder });
  const path = join(folder, "a-1.ksmcache");
  await symlink(victim, path);
  await expect(store.read("a-1")).rejects.toMatchObject({ code: "ERR_CACHE_STORE_FAILED" });
  const seen: unknown[] = [];
  await store.update("a-1", (current) => {
    seen.push(current);
    return bytes;
  });
  expect(seen).toEqual([null]);
  await hasOwnFile(path);
  expect(await store.read("a-1")).toEqual(bytes);
});

it("removing an entry removes a planted link only", async () => {
  await symlink(victim, join(folder, "a-1.ksmcache"));
  await fileStore({ directory: folder }).remove("a-1");
  expect([await readdir(folder), await readFile(victim, "utf8")]).toEqual([[], "precious"]);
});

it.each([
  ["python", "ksm_cache.bin"],
  ["named", "other.bin"],
] as const)("the cache file of a vendor's SDK (%s) replaces a planted link", async (what, name) => {
  const path = join(folder, name);
  await symlink(victim, path);
  const file = officialCacheFile({
    write: true,
    ...(what === "named" ? { path } : { sdk: what, env: { KSM_CACHE_DIR: folder } }),
  });
  await expect(file.read()).rejects.toMatchObject({ code: "ERR_CACHE_STORE_FAILED" });
  await file.write(bytes);
  await hasOwnFile(path);
});

describe("a cache directory of mode 0777", () => {
  let vault: Vault;
  let events: CacheEvent[];
  beforeEach(async () => {
    vault = await startLocalVault({ generate: 3 });
    events = [];
    await chmod(folder, 0o777);
  });
  afterEach(() => vault.close());

  /** Kinds of events of one online and one offline listing, and whether that was answered. */
  async function listings(options: DisasterCacheOptions): Promise<{ kinds: Set<string>; served: boolean }> {
    const clock = new TestClock();
    const cache = new DisasterCache({
      clock: clock.read,
      onEvent: (event) => events.push(event),
      ...options,
    });
    const manager = await boundClient(vault, clock, cache.middleware);
    expect((await manager.getSecrets()).records).toHaveLength(3);
    const kinds = new Set<string>(events.map(({ kind }) => kind));
    vault.faults.add({ kind: "drop", when: "before", times: "always" });
    const offline = await manager.getSecrets().catch(() => null);
    return { kinds, served: offline !== null };
  }

  it("raises a notice online already, and is used", async () => {
    expect(await listings({ store: fileStore({ directory: folder }) })).toEqual({
      kinds: new Set(["permissions"]),
      served: true,
    });
    expect(events[0]?.message).toContain(`chmod go-w ${folder}`);
  });

  it("is not used with strictPermissions", async () => {
    const store = fileStore({ directory: folder, strictPermissions: true });
    expect(await listings({ store })).toEqual({ kinds: new Set(["store-failed"]), served: false });
    expect(await readdir(folder)).toEqual([]);
  });

  it("raises a notice for the cache file of a vendor's SDK, or refuses it", async () => {
    const path = join(folder, "cache.dat");
    const official = officialCacheFile({ path, write: true });
    expect((await listings({ store: memoryStore(), official })).kinds).toEqual(new Set(["permissions"]));
    vault.faults.clear();
    events = [];
    await rename(path, `${path}.old`);
    const strict = officialCacheFile({ path, write: true, strictPermissions: true });
    expect((await listings({ store: memoryStore(), official: strict })).kinds).toEqual(
      new Set(["store-failed"]),
    );
    expect(await readdir(folder)).toEqual(["cache.dat.old"]);
  });

  it("is fine when it is sticky", async () => {
    await chmod(folder, 0o1777);
    const store = fileStore({ directory: folder, strictPermissions: true });
    expect(await listings({ store })).toEqual({ kinds: new Set(), served: true });
  });
});
