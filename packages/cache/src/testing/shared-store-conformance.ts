/** The rules of `SharedStore` as a test suite that every implementation runs. */
import type { SharedLease, SharedStore } from "../shared/shared-store.ts";
import { withFixture, type TestRunner } from "@ksmkit/core/testing";

/** One empty place that replicas share. */
export interface SharedStoreFixture {
  /** A store on the place. */
  store: SharedStore;
  /** Another store on the same place, as another replica would open it. */
  reopen: () => Promise<SharedStore>;
  /** Lets everything in the place be so much older. */
  pass: (ms: number) => Promise<void>;
  /** Removes the place. */
  cleanup?: () => Promise<void>;
}

/** What is to be tested. */
export interface SharedStoreConformanceOptions {
  /** Names the implementation in the test names. */
  name: string;
  /** Makes a fresh place for each test. */
  create: () => Promise<SharedStoreFixture>;
}

const bytes = Uint8Array.of(0, 255, 10, 13, 128);

/** Declares the suite. */
export function sharedStoreConformance(runner: TestRunner, options: SharedStoreConformanceOptions): void {
  const { describe, expect } = runner;
  const it = withFixture(runner, options.create);
  const leaseOf = async (store: SharedStore, id: string): Promise<SharedLease> => {
    const lease = await store.lease("client", "name", id, 60_000);
    expect(lease?.id).toEqual(id);
    return lease ?? { id, epoch: -1, version: null };
  };
  const publish = (
    store: SharedStore,
    lease: SharedLease,
    version: string,
    keepMs = 60_000,
  ): Promise<boolean> => store.publish("client", "name", { lease, version, bytes, keepMs });

  describe(`shared store: ${options.name}`, () => {
    it("has nothing at first", async ({ store }) => {
      expect(await store.look("client", "name")).toEqual({ entry: null, epoch: 0 });
    });

    it("shows every replica what was published, and spares those who know it", async ({ store, reopen }) => {
      expect(await publish(store, await leaseOf(store, "a"), "v1")).toEqual(true);
      const other = await reopen();
      const { entry, epoch } = await other.look("client", "name");
      expect([entry?.version, [...(entry?.bytes ?? [])], entry?.epoch, epoch]).toEqual([
        "v1",
        [...bytes],
        0,
        0,
      ]);
      expect((await other.look("client", "name", "v1")).entry?.bytes).toEqual(null);
      expect((await other.look("client", "name", "v0")).entry?.bytes?.length).toEqual(bytes.length);
    });

    it("keeps names and clients apart", async ({ store }) => {
      await publish(store, await leaseOf(store, "a"), "v1");
      expect((await store.look("client", "other")).entry).toEqual(null);
      expect((await store.look("other", "name")).entry).toEqual(null);
      expect((await store.lease("client", "other", "b", 1_000))?.id).toEqual("b");
    });

    it("gives a lease to one at a time", async ({ store, reopen }) => {
      const other = await reopen();
      const leases = await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          (at % 2 === 0 ? store : other).lease("client", "name", `id-${at}`, 60_000),
        ),
      );
      const given = leases.filter((lease) => lease !== null);
      expect(given.length).toEqual(1);
      for (const lease of given) await other.hold("client", "name", lease, 0);
      expect((await other.lease("client", "name", "again", 60_000))?.id).toEqual("again");
    });

    it("ends a lease with the publication, and shows the next what is there", async ({ store }) => {
      const first = await leaseOf(store, "a");
      expect(first.version).toEqual(null);
      await publish(store, first, "v1");
      expect((await leaseOf(store, "b")).version).toEqual("v1");
    });

    it("takes no publication from a lease that was followed by another", async ({ store, pass }) => {
      const slow = await store.lease("client", "name", "slow", 50);
      await pass(60);
      const fast = await leaseOf(store, "fast");
      expect(await publish(store, fast, "v2")).toEqual(true);
      expect(await publish(store, slow ?? fast, "v1")).toEqual(slow === null);
      expect((await store.look("client", "name")).entry?.version).toEqual("v2");
    });

    it("takes a late publication when no other has begun", async ({ store, pass }) => {
      const late = await store.lease("client", "name", "late", 50);
      await pass(60);
      expect(late !== null && (await publish(store, late, "v1"))).toEqual(true);
    });

    it("holds a lease longer, and gives back only one's own", async ({ store, pass }) => {
      const mine = await store.lease("client", "name", "mine", 50);
      if (mine !== null) await store.hold("client", "name", mine, 60_000);
      await pass(60);
      expect(await store.lease("client", "name", "theirs", 50)).toEqual(null);
      await store.hold("client", "name", { id: "theirs", epoch: 0, version: null }, 0);
      expect(await store.lease("client", "name", "theirs", 50)).toEqual(null);
    });

    it("counts age from the publication, and forgets", async ({ store, pass }) => {
      await publish(store, await leaseOf(store, "a"), "v1", 1_000);
      const young = (await store.look("client", "name")).entry?.ageMs ?? -1;
      expect(young >= 0 && young < 1_000).toEqual(true);
      await pass(100);
      const older = (await store.look("client", "name")).entry?.ageMs ?? 100;
      expect(older >= 100).toEqual(true);
      await pass(1_000);
      expect((await store.look("client", "name")).entry).toEqual(null);
    });

    it("counts changes, and lets an answer that was begun before show it", async ({ store, reopen }) => {
      const lease = await leaseOf(store, "a");
      await (await reopen()).change("client");
      await publish(store, lease, "v1");
      const { entry, epoch } = await store.look("client", "name");
      expect([entry?.epoch, epoch]).toEqual([0, 1]);
      expect((await leaseOf(store, "b")).epoch).toEqual(1);
      expect((await store.look("other", "name")).epoch).toEqual(0);
    });

    it("removes everything of a client, also what is about to be published", async ({ store }) => {
      await publish(store, await leaseOf(store, "a"), "v1");
      const underWay = await leaseOf(store, "b");
      await store.purge("client");
      expect(await publish(store, underWay, "v2")).toEqual(false);
      expect((await store.look("client", "name")).entry).toEqual(null);
      expect(await publish(store, await leaseOf(store, "c"), "v3")).toEqual(true);
    });
  });
}
