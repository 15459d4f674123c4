import { mkdtemp, readdir, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { cacheDirectory } from "../../src/node/cache-directory.ts";
import { fileStore } from "../../src/node/file-store.ts";

it("follows KSM_CACHE_DIR, then each system's custom", () => {
  expect(cacheDirectory({ KSM_CACHE_DIR: "here", XDG_CACHE_HOME: "/x" }, "linux")).toBe(resolve("here"));
  expect(cacheDirectory({ XDG_CACHE_HOME: "/x" }, "linux")).toBe(join("/x", "ksmkit"));
  expect(cacheDirectory({ XDG_CACHE_HOME: "" }, "linux")).toBe(join(homedir(), ".cache", "ksmkit"));
  expect(cacheDirectory({}, "darwin")).toBe(join(homedir(), "Library", "Caches", "ksmkit"));
  expect(cacheDirectory({ LOCALAPPDATA: "C:\\L" }, "win32")).toBe(join("C:\\L", "ksmkit"));
  expect(cacheDirectory({}, "win32")).toBe(join(homedir(), "AppData", "Local", "ksmkit"));
});

it("is asked anew at each use of a store", async () => {
  const base = await mkdtemp(join(tmpdir(), "ksmkit-cache-"));
  const env: Record<string, string | undefined> = {};
  const store = fileStore({ env });
  for (const part of ["one", "two"]) {
    env["KSM_CACHE_DIR"] = join(base, part);
    expect(store.description).toBe(`directory ${join(base, part)}`);
    await store.update("a-1", () => Uint8Array.of(1));
    expect(await readdir(join(base, part))).toEqual(["a-1.ksmcache"]);
  }
  await rm(base, { recursive: true });
});
