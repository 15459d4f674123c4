/** Five hundred replicas, one minute, no real time: what reaches the service, and what the replicas are given. */
import { createHash } from "node:crypto";
import { ThrottledError, TransportError, type ServiceResponse, type ServiceCall } from "@ksmkit/core";
import { beforeEach, expect, it } from "vitest";
import { memorySharedStore } from "../../src/shared/memory-shared-store.ts";
import { SharedCache } from "../../src/shared/shared-cache.ts";
import type { SharedStore } from "../../src/shared/shared-store.ts";
import { SimulatedTime } from "../support/simulated-time.ts";

const replicas = 500;
const ttlMs = 2_000;
const device = {
  hostname: "vault.example",
  clientId: "fleet",
  appKey: new Uint8Array(createHash("sha256").update("app key").digest()),
};
const call: ServiceCall = {
  endpoint: "get_secret",
  kind: "read",
  payload: {},
  fresh: false,
  device,
  wait: { timeoutMs: 600_000 },
};

let time: SimulatedTime;
let store: SharedStore;
/** When the service was asked. */
let asked: number[];
let failed: unknown[];
/** Ages of the answers given, in milliseconds. */
let ages: number[];
let down: { service: boolean; store: boolean };
/** Requests per client and endpoint that the service takes within ten seconds (ksm-protocol section 9.2). */
let limit: number;
/** How long the service takes to answer. */
let tookMs: number;
beforeEach(() => {
  time = new SimulatedTime();
  store = memorySharedStore({ clock: time.clock });
  asked = [];
  failed = [];
  ages = [];
  down = { service: false, store: false };
  limit = 100;
  tookMs = 80;
});

async function service(): Promise<ServiceResponse> {
  asked.push(time.now);
  await time.sleep(tookMs);
  if (down.service) throw new TransportError("ERR_KSM_TRANSPORT_NETWORK", "down");
  if (asked.filter((at) => at > time.now - 10_000).length > limit)
    throw new ThrottledError("throttled", 11_000);
  return { json: { records: [], at: time.now }, source: "service", fetchedAt: time.now };
}

/** The store as replicas reach it: a millisecond away, or not at all. */
const reached: SharedStore = new Proxy({} as SharedStore, {
  get: (_, name: keyof SharedStore) => {
    if (name === "description") return "simulated";
    return async (...args: unknown[]) => {
      await time.sleep(1);
      if (down.store) return new Promise(() => {});
      return (store[name] as (...args: unknown[]) => Promise<unknown>)(...args);
    };
  },
});

/** The same bytes in every run, others for each replica, moment and use. */
function randomOf(index: number): (length: number) => Uint8Array<ArrayBuffer> {
  return (length) =>
    new Uint8Array(
      createHash("shake256", { outputLength: length }).update(`${index} ${time.now} ${length}`).digest(),
    );
}

/** A replica that reads every second, off the beat of the others. */
async function replica(index: number, options: { maxStaleMs?: number } = {}): Promise<void> {
  const { maxStaleMs = 60_000 } = options;
  const cache = new SharedCache({
    store: reached,
    ttlMs,
    maxStaleMs,
    clock: time.clock,
    sleep: time.sleep,
    random: randomOf(index),
  });
  await time.sleep((index * 997) % 1_000);
  for (;;) {
    try {
      const { fetchedAt } = await cache.middleware(call, service);
      ages.push(time.now - fetchedAt);
    } catch (error) {
      failed.push(error);
    }
    await time.sleep(1_000);
  }
}

function startFleet(options: { maxStaleMs?: number } = {}): void {
  for (let index = 0; index < replicas; index++) void replica(index, options);
}

/** Most requests within any ten seconds. */
function worstWindow(): number {
  return Math.max(
    0,
    ...asked.map((start) => asked.filter((at) => at >= start && at < start + 10_000).length),
  );
}

it("one request for each TTL serves all of them", async () => {
  startFleet();
  await time.run(30_000);
  expect(failed).toEqual([]);
  expect(ages.length).toBeGreaterThan(replicas * 28);
  // One to begin with, and one for each TTL.
  expect(asked.length).toBeLessThanOrEqual(1 + 30_000 / ttlMs);
  expect(worstWindow()).toBeLessThanOrEqual(1 + 10_000 / ttlMs);
  // Old by the TTL and one refresh at most.
  expect(Math.max(...ages)).toBeLessThanOrEqual(ttlMs + 100);
});

it("a start of all at the same moment is one request", async () => {
  const caches = Array.from(
    { length: replicas },
    () => new SharedCache({ store: reached, ttlMs, clock: time.clock, sleep: time.sleep }),
  );
  const reads = caches.map((cache) => cache.middleware(call, service).then(() => true));
  await time.run(5_000);
  expect((await Promise.all(reads)).length).toBe(replicas);
  expect(asked).toHaveLength(1);
});

for (const slowMs of [1_900, 2_500, 9_000]) {
  it(`a start of all at the same moment does not flood a service that takes ${slowMs} ms`, async () => {
    tookMs = slowMs;
    let given = 0;
    for (let index = 0; index < replicas; index++) {
      const random = randomOf(index);
      const cache = new SharedCache({ store: reached, clock: time.clock, sleep: time.sleep, random });
      void cache.middleware(call, service).then(
        () => given++,
        (error: unknown) => failed.push(error),
      );
    }
    await time.run(20_000);
    expect([given, failed]).toEqual([replicas, []]);
    // The one that reads for all, and after two seconds eight besides.
    expect(asked.length).toBeLessThanOrEqual(slowMs < 2_000 ? 1 : 9);
  });
}

it("a start of all in an outage is answered by the caches behind", async () => {
  const behind = async (): Promise<ServiceResponse> => {
    asked.push(time.now);
    await time.sleep(80);
    return { json: { records: [] }, source: "cache", fetchedAt: time.now - 60_000 };
  };
  let given = 0;
  for (let index = 0; index < replicas; index++) {
    const random = randomOf(index);
    const cache = new SharedCache({ store: reached, clock: time.clock, sleep: time.sleep, random });
    void cache.middleware(call, behind).then(() => given++);
  }
  // Sooner than anybody's patience ends.
  await time.run(11_000);
  expect(given).toBe(replicas);
});

it("an outage of the service fails no read within maxStaleMs, and is not made worse", async () => {
  startFleet();
  await time.run(5_000);
  down.service = true;
  const before = asked.length;
  await time.run(20_000);
  expect(failed).toEqual([]);
  // One attempt a second for all of them.
  expect(asked.length - before).toBeLessThanOrEqual(21);
  down.service = false;
  ages = [];
  await time.run(5_000);
  expect(Math.max(...ages.slice(-replicas))).toBeLessThanOrEqual(ttlMs + 100);
});

it("an outage longer than maxStaleMs fails reads, with the service's own error", async () => {
  startFleet({ maxStaleMs: 3_000 });
  await time.run(5_000);
  down.service = true;
  await time.run(10_000);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.every((error) => error instanceof TransportError)).toBe(true);
});

it("a store that is gone fails no read, though the service cannot take everybody", async () => {
  startFleet();
  await time.run(5_000);
  down.store = true;
  await time.run(20_000);
  expect(failed).toEqual([]);
  down.store = false;
  await time.run(20_000);
  const before = asked.length;
  await time.run(10_000);
  expect(failed).toEqual([]);
  expect(asked.length - before).toBeLessThanOrEqual(1 + 10_000 / ttlMs);
});

it("a flush costs one request", async () => {
  startFleet();
  await time.run(5_000);
  const before = asked.length;
  store = memorySharedStore({ clock: time.clock });
  await time.run(1_000);
  expect(asked.length - before).toBeLessThanOrEqual(2);
  await time.run(5_000);
  expect(failed).toEqual([]);
});

it("a replica that dies while it reads for all holds nobody up", async () => {
  startFleet();
  await time.run(4_900);
  const doomed = new SharedCache({ store: reached, ttlMs: 1, clock: time.clock, sleep: time.sleep });
  void doomed.middleware(call, () => new Promise(() => {}));
  const before = asked.length;
  await time.run(20_000);
  expect(failed).toEqual([]);
  expect(asked.length - before).toBeGreaterThan(3);
  // The lease of the dead one, and a refresh.
  expect(Math.max(...ages)).toBeLessThanOrEqual(ttlMs + 10_000 + 1_200);
});
