/** The rules of `ConfigStorage` as a test suite that every implementation runs, with any test runner. */
import type { ConfigStorage, ConfigValues, SaveOptions } from "../config/storage.ts";
import { codeOf, type TestRunner, withFixture } from "./test-runner.ts";

/** One place for a configuration, empty at first unless the storage is read-only. */
export interface StorageFixture {
  /** A storage on the place. */
  storage: ConfigStorage;
  /** Another storage on the same place, as the next process would open it. */
  reopen: () => Promise<ConfigStorage>;
  /** Removes the place. */
  cleanup?: () => Promise<void>;
}

/** What is to be tested. */
export interface StorageConformanceOptions {
  /** Names the implementation in the test names. */
  name: string;
  /** Makes a fresh place for each test. */
  create: () => Promise<StorageFixture>;
  /** True when saves stay in the object and `reopen` shows the configuration passed in. Default: false. */
  readOnly?: boolean;
}

const first: ConfigValues = { hostname: "vault.example", clientId: "first-secret", privateKey: "a+/=" };
const second: ConfigValues = { hostname: "vault.example", clientId: "first-secret", appKey: "second-secret" };
const unusual: ConfigValues = Object.fromEntries([
  ["hostname", "h.example"],
  ["extra/key with = and ünïcode", 'quote " backslash \\ line\nbreak \u2028 emoji 🔑'],
  ["__proto__", "not a prototype"],
  ["constructor", "not a constructor"],
  ["long", "x".repeat(20_000)],
]);

/**
 * Declares the suite.
 *
 * @example
 * ```ts
 * import { describe, expect, it } from "vitest";
 * storageConformance({ describe, it, expect }, {
 *   name: "memory",
 *   create: async () => { const storage = memoryStorage(); return { storage, reopen: async () => storage }; },
 * });
 * ```
 */
export function storageConformance(runner: TestRunner, options: StorageConformanceOptions): void {
  const { describe, expect } = runner;
  const it = withFixture(runner, options.create);
  const expectCode = async (work: Promise<unknown>, code: string): Promise<void> => {
    expect(await codeOf(work)).toEqual(code);
  };

  describe(`config storage: ${options.name}`, () => {
    it("loads what was saved", async ({ storage }) => {
      await storage.save(first);
      expect(await storage.load()).toEqual(first);
    });

    it("replaces everything: keys left out are gone", async ({ storage }) => {
      await storage.save(first);
      await storage.save(second);
      expect(await storage.load()).toEqual(second);
    });

    it("keeps unknown keys and any text", async ({ storage }) => {
      await storage.save(unusual);
      expect(sortedEntries(await storage.load())).toEqual(sortedEntries(unusual));
    });

    it("takes an empty text for absent", async ({ storage }) => {
      await storage.save({ ...first, appKey: "" });
      expect(await storage.load()).toEqual(first);
    });

    it("is not changed through objects that were passed in or returned", async ({ storage }) => {
      const values: Record<string, string> = { ...first };
      await storage.save(values);
      values["clientId"] = "changed";
      tamper(await storage.load());
      expect(await storage.load()).toEqual(first);
    });

    it("refuses values that are not texts and keeps what is stored", async ({ storage }) => {
      await storage.save(first);
      const nested: unknown = { ...second, appKey: { value: "x" } };
      for (const bad of [nested, null, undefined, ["a"], "text"]) {
        await expectCode(saveUnchecked(storage, bad), "ERR_KSM_CONFIG_INVALID");
      }
      expect(await storage.load()).toEqual(first);
    });

    it("saves when what is stored is what was expected, in any key order", async ({ storage }) => {
      await storage.save(first);
      await storage.save(second, { expected: Object.fromEntries(Object.entries(first).toReversed()) });
      expect(await storage.load()).toEqual(second);
    });

    for (const [what, expected] of Object.entries({
      "another value": { ...first, clientId: "other" },
      "a key less": { hostname: "vault.example", clientId: "first-secret" },
      "a key more": { ...first, appKey: "x" },
      nothing: {},
    })) {
      it(`refuses to save when ${what} was expected`, async ({ storage }) => {
        await storage.save(first);
        await expectCode(storage.save(second, { expected }), "ERR_KSM_STORAGE_CONFLICT");
        expect(await storage.load()).toEqual(first);
      });
    }

    it("lets one of several savers with the same expectation win", async ({ storage }) => {
      await storage.save(first);
      const saves = Array.from({ length: 8 }, (_, i) =>
        codeOf(storage.save({ ...second, serverPublicKeyId: String(i) }, { expected: first })),
      );
      const codes = await Promise.all(saves);
      expect(codes.filter((code) => code === "none").length).toEqual(1);
      expect(codes.filter((code) => code === "ERR_KSM_STORAGE_CONFLICT").length).toEqual(7);
      expect((await storage.load())["serverPublicKeyId"]).toEqual(String(codes.indexOf("none")));
    });

    it("holds one of several versions saved at once, whole", async ({ storage }) => {
      const versions = Array.from({ length: 8 }, (_, i) => ({
        hostname: `h${i}.example`,
        clientId: `c${i}`,
      }));
      await Promise.all(versions.map((version) => storage.save(version)));
      const stored = await storage.load();
      expect(stored).toEqual(versions.find((version) => version.hostname === stored["hostname"]));
    });

    it("describes itself without its content", async ({ storage }) => {
      await storage.save(second);
      const shown = `${storage.description} ${JSON.stringify(storage)}`;
      expect([storage.description.length > 0, shown.includes("secret")]).toEqual([true, false]);
    });

    if (options.readOnly) describeReadOnly();
    else describeWritable();
  });

  function describeReadOnly(): void {
    it("keeps saves to itself", async ({ storage, reopen }) => {
      const before = await storage.load();
      await storage.save(second);
      expect(await (await reopen()).load()).toEqual(before);
    });

    it("leaves what was given when it discards", async ({ storage, reopen }) => {
      const before = await storage.load();
      await storage.discard();
      expect([await storage.load(), await (await reopen()).load()]).toEqual([before, before]);
    });
  }

  function describeWritable(): void {
    it("is empty at first", async ({ storage }) => {
      expect(await storage.load()).toEqual({});
    });

    it("shows the next process what was saved", async ({ storage, reopen }) => {
      await storage.save(first);
      expect(await (await reopen()).load()).toEqual(first);
    });

    it("refuses a save over what another process saved meanwhile", async ({ storage, reopen }) => {
      await storage.save(first);
      await (await reopen()).save(second);
      await expectCode(storage.save(first, { expected: first }), "ERR_KSM_STORAGE_CONFLICT");
      expect(await (await reopen()).load()).toEqual(second);
    });

    it("lets one of two processes start on an empty place", async ({ storage, reopen }) => {
      const other = await reopen();
      const codes = await Promise.all([
        codeOf(storage.save(first, { expected: {} })),
        codeOf(other.save(second, { expected: {} })),
      ]);
      expect(codes.toSorted()).toEqual(["ERR_KSM_STORAGE_CONFLICT", "none"]);
    });

    it("changes nothing when asked whether it is writable", async ({ storage, reopen }) => {
      await storage.checkWritable();
      expect(await storage.load()).toEqual({});
      await storage.save(first);
      await storage.checkWritable();
      expect(await (await reopen()).load()).toEqual(first);
    });

    it("discards what it created, once and again", async ({ storage, reopen }) => {
      await storage.discard();
      await storage.save(first);
      await storage.save(second);
      await storage.discard();
      await storage.discard();
      expect([await storage.load(), await (await reopen()).load()]).toEqual([{}, {}]);
    });

    it("leaves what it found when it discards", async ({ storage, reopen }) => {
      await storage.save(first);
      const later = await reopen();
      await later.save(second);
      await later.discard();
      // A place that no other object can open has been created by this very object.
      expect(await later.load()).toEqual(later === storage ? {} : second);
    });

    it("can be used again after discarding", async ({ storage, reopen }) => {
      await storage.save(first);
      await storage.discard();
      await storage.save(second, { expected: {} });
      expect(await (await reopen()).load()).toEqual(second);
    });
  }
}

/** As pairs, because comparing objects overlooks a key named `__proto__`. */
function sortedEntries(values: ConfigValues): [string, string][] {
  return Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** What a caller without type checks can do. */
function saveUnchecked(storage: ConfigStorage, values: unknown, options?: SaveOptions): Promise<void> {
  return storage.save(values as ConfigValues, options);
}

function tamper(values: ConfigValues): void {
  try {
    (values as Record<string, string>)["clientId"] = "changed";
  } catch {
    // A frozen object is as good as a copy.
  }
}
