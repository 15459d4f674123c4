/** A store that is damaged, contradicts itself or hangs, and a clock that is set back. */
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memorySharedStore } from "../../src/shared/memory-shared-store.ts";
import type { SharedCacheOptions } from "../../src/shared/options.ts";
import { SharedCache } from "../../src/shared/shared-cache.ts";
import type { SharedEntry, SharedStore } from "../../src/shared/shared-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

let vault: Vault;
let clock: TestClock;
let store: SharedStore;
let config: string;
let looks: number;
beforeEach(async () => {
  vault = await startLocalVault({ generate: 3 });
  clock = new TestClock();
  looks = 0;
  const inner = memorySharedStore({ clock: clock.read });
  store = {
    ...inner,
    look: (...args) => {
      looks++;
      return inner.look(...args);
    },
  };
  config = await (await boundClient(vault, clock)).exportConfig();
});
afterEach(() => vault.close());

function replica(over: Partial<SharedStore> = {}, options: Partial<SharedCacheOptions> = {}): SecretsManager {
  const cache = new SharedCache({
    store: { ...store, ...over },
    ttlMs: 2_000,
    storeTimeoutMs: 60_000,
    clock: clock.read,
    ...options,
  });
  return new SecretsManager({
    storage: memoryStorage(config),
    fetch: vault.fetch,
    clock: clock.read,
    middleware: cache.middleware,
  });
}

async function requestsOf(work: () => Promise<unknown>): Promise<number> {
  const before = vault.log.length;
  await work();
  return vault.log.length - before;
}

/** A store whose entries look different. */
function entryAs(change: (entry: SharedEntry) => SharedEntry): Partial<SharedStore> {
  const { look } = store;
  return {
    look: async (...args) => {
      const view = await look(...args);
      return { ...view, entry: view.entry && change(view.entry) };
    },
  };
}

describe("an entry that cannot be used is a miss", () => {
  const damages: Record<string, (entry: SharedEntry) => SharedEntry> = {
    "an empty version": (entry) => ({ ...entry, version: "" }),
    "another version than the lease": (entry) => ({ ...entry, version: `${entry.version}?` }),
    "no bytes though nothing is known": (entry) => ({ ...entry, bytes: null }),
    "empty bytes": (entry) => ({ ...entry, bytes: new Uint8Array() }),
    "damaged bytes": (entry) => ({ ...entry, bytes: new Uint8Array(200).fill(7) }),
    "no age": (entry) => ({ ...entry, ageMs: Number.NaN, bytes: new Uint8Array() }),
    "an epoch that is no number": (entry) => ({ ...entry, epoch: Number.NaN }),
  };
  for (const [what, change] of Object.entries(damages)) {
    it(`${what}: one read of the service, few looks, and an answer that others use`, async () => {
      await replica().getSecrets();
      const poisoned = replica(entryAs(change));
      clock.pass(3_000);
      looks = 0;
      expect(await requestsOf(() => poisoned.getSecrets())).toBe(1);
      expect(looks).toBeLessThan(4);
      expect((await replica().getSecrets()).freshness.source).toBe("cache");
    });
  }

  it("a lease whose version never matches", async () => {
    let version = 0;
    const { lease } = store;
    const never: Partial<SharedStore> = {
      lease: async (...args) => {
        const given = await lease(...args);
        return given && { ...given, version: `never-${version++}` };
      },
    };
    expect(await requestsOf(() => replica(never).getSecrets())).toBe(1);
    expect([looks, version]).toEqual([2, 1]);
  });

  it("a replica that published between look and lease is used, and the lease given back", async () => {
    const { lease } = store;
    let raced = false;
    const racing: Partial<SharedStore> = {
      lease: async (...args) => {
        if (!raced) {
          raced = true;
          await replica().getSecrets();
        }
        return lease(...args);
      },
    };
    const late = replica(racing);
    expect(await requestsOf(() => late.getSecrets())).toBe(1);
    clock.pass(2_000);
    expect(await requestsOf(() => replica().getSecrets())).toBe(1);
  });
});

describe("a caller's limits end the wait for a store that", () => {
  const forever = (): Promise<never> => new Promise(() => {});
  const hanging: Record<string, Partial<SharedStore>> = {
    "hangs at look": { look: forever },
    "hangs at lease": { lease: forever },
    "hangs at publish": { publish: forever },
    "hangs at hold": { lease: async () => null, hold: forever },
    "always claims that another replica reads": { lease: async () => null },
  };
  for (const [what, over] of Object.entries(hanging)) {
    it(`${what}, by time`, async () => {
      const read = replica(over, { clock: () => performance.now() }).getSecrets({ timeoutMs: 20 });
      // What the service returned is passed on, also when it could not be shared.
      const outcome = await read.then(({ records }) => records.length).catch((error: unknown) => error);
      expect([3, expect.objectContaining({ code: "ERR_KSM_TRANSPORT_TIMEOUT" })]).toContainEqual(outcome);
    });

    it(`${what}, by its signal`, async () => {
      const controller = new AbortController();
      const outcome = replica(over).getSecrets({ signal: controller.signal });
      controller.abort();
      await expect(outcome).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
    });
  }
});

describe("when the clock is set back", () => {
  for (const hours of [1, 24]) {
    it(`by ${hours} h, a shared response is used for one ttl at most, by all replicas together`, async () => {
      const [one, two] = [replica(), replica()];
      await one.getSecrets();
      await two.getSecrets();
      clock.pass(-3_600_000 * hours);
      const { freshness } = await one.getSecrets();
      expect(freshness.fetchedAt).toBeLessThanOrEqual(clock.now);
      await replica().getSecrets();
      clock.pass(2_000);
      expect(await requestsOf(() => two.getSecrets())).toBe(1);
      expect((await replica().getSecrets()).freshness).toEqual({
        source: "cache",
        fetchedAt: clock.now,
        ageMs: 0,
      });
    });
  }

  it("and the store counts a negative age, the process counts from then on", async () => {
    const negative = replica(entryAs((entry) => ({ ...entry, ageMs: -3_600_000 })));
    await replica().getSecrets();
    expect((await negative.getSecrets()).freshness.source).toBe("cache");
    clock.pass(2_000);
    expect((await negative.getSecrets()).freshness.source).toBe("service");
  });

  it("a lease does not last longer than it was taken for", async () => {
    const tag = "client";
    expect(await store.lease(tag, "name", "a", 10_000)).not.toBeNull();
    clock.pass(-3_600_000);
    expect(await store.lease(tag, "name", "b", 10_000)).not.toBeNull();
  });
});
