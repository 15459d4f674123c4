/** The rules of `CacheStore` as a test suite that every implementation runs. */
import type { CacheStore } from "../store/cache-store.ts";
import { withFixture, type TestRunner } from "@ksmkit/core/testing";

/** One empty place for entries. */
export interface CacheStoreFixture {
  /** A store on the place. */
  store: CacheStore;
  /** Another store on the same place, as the next process would open it. */
  reopen: () => Promise<CacheStore>;
  /** Removes the place. */
  cleanup?: () => Promise<void>;
}

/** What is to be tested. */
export interface CacheStoreConformanceOptions {
  /** Names the implementation in the test names. */
  name: string;
  /** Makes a fresh place for each test. */
  create: () => Promise<CacheStoreFixture>;
  /** False when of two processes that write at once one may lose its write. Default: true. */
  atomic?: boolean;
}

const first = Uint8Array.of(0, 255, 10, 13, 128);
const second = Uint8Array.of(1, 2, 3);

/**
 * Declares the suite.
 *
 * @example
 * ```ts
 * import { describe, expect, it } from "vitest";
 * cacheStoreConformance({ describe, it, expect }, {
 *   name: "memory",
 *   create: async () => { const store = memoryStore(); return { store, reopen: async () => store }; },
 * });
 * ```
 */
export function cacheStoreConformance(runner: TestRunner, options: CacheStoreConformanceOptions): void {
  const { describe, expect } = runner;
  const it = withFixture(runner, options.create);
  const bytesOf = async (store: CacheStore, name: string): Promise<number[] | null> => {
    const bytes = await store.read(name);
    return bytes && [...bytes];
  };

  describe(`cache store: ${options.name}`, () => {
    it("has nothing at first", async ({ store }) => {
      expect([await store.read("a-1"), await store.list("")]).toEqual([null, []]);
    });

    it("gives back any bytes, to the next process too", async ({ store, reopen }) => {
      await store.update("a-1", () => first);
      await store.update("a-2", () => second);
      const next = await reopen();
      expect([await bytesOf(next, "a-1"), await bytesOf(next, "a-2")]).toEqual([[...first], [...second]]);
    });

    it("keeps a large entry whole", async ({ store }) => {
      const large = new Uint8Array(3_000_000).map((_, at) => (at * 7) % 251);
      await store.update("large", () => large);
      const read = await store.read("large");
      expect(read?.length).toEqual(large.length);
      expect(read?.every((byte, at) => byte === large[at])).toEqual(true);
    });

    it("shows a writer what is there, and replaces all of it", async ({ store }) => {
      const seen: (number[] | null)[] = [];
      for (const bytes of [first, second]) {
        await store.update("a-1", (current) => {
          seen.push(current && [...current]);
          return bytes;
        });
      }
      expect(seen).toEqual([null, [...first]]);
      expect(await bytesOf(store, "a-1")).toEqual([...second]);
    });

    it("leaves what is there when a writer says so", async ({ store }) => {
      await store.update("a-1", () => null);
      expect(await store.read("a-1")).toEqual(null);
      await store.update("a-1", () => first);
      await store.update("a-1", () => null);
      expect(await bytesOf(store, "a-1")).toEqual([...first]);
    });

    it("is not changed through bytes that were passed in or handed out", async ({ store }) => {
      const given = first.slice();
      await store.update("a-1", () => given);
      given.fill(9);
      (await store.read("a-1"))?.fill(9);
      expect(await bytesOf(store, "a-1")).toEqual([...first]);
    });

    it("removes, once and again", async ({ store, reopen }) => {
      await store.update("a-1", () => first);
      await store.remove("a-1");
      await store.remove("a-1");
      expect(await (await reopen()).read("a-1")).toEqual(null);
    });

    it("lists names by their beginning", async ({ store, reopen }) => {
      for (const name of ["a-1", "a-2", "ab-1", "b-1"]) await store.update(name, () => first);
      await store.remove("a-2");
      const next = await reopen();
      expect((await next.list("a-")).toSorted()).toEqual(["a-1"]);
      expect((await next.list("")).toSorted()).toEqual(["a-1", "ab-1", "b-1"]);
    });

    it("loses no write of one process", async ({ store }) => {
      const add = (): Promise<void> =>
        store.update("count", (current) => Uint8Array.of((current?.[0] ?? 0) + 1));
      await Promise.all(Array.from({ length: 20 }, add));
      expect(await bytesOf(store, "count")).toEqual([20]);
    });

    if (options.atomic !== false) {
      it("loses no write of two processes", async ({ store, reopen }) => {
        const other = await reopen();
        const add = (_: unknown, at: number): Promise<void> =>
          (at % 2 === 0 ? store : other).update("count", (current) => Uint8Array.of((current?.[0] ?? 0) + 1));
        await Promise.all(Array.from({ length: 20 }, add));
        expect(await bytesOf(store, "count")).toEqual([20]);
      });
    }

    it("describes itself without its content", async ({ store }) => {
      await store.update("a-1", () => new TextEncoder().encode("secret"));
      expect([store.description.length > 0, store.description.includes("secret")]).toEqual([true, false]);
    });
  });
}
