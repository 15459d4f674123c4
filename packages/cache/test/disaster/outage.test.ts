import type { JsonObject } from "@ksmkit/common";
import { memoryStorage, TransportError, type Middleware, type ServiceCall } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import type { FaultRule, Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { DisasterCacheOptions } from "../../src/disaster/options.ts";
import type { CacheEvent } from "../../src/event.ts";
import { memoryStore } from "../../src/store/memory-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

let vault: Vault;
let clock: TestClock;
let events: CacheEvent[];
beforeEach(async () => {
  vault = await startLocalVault();
  clock = new TestClock();
  events = [];
});
afterEach(() => vault.close());

function newCache(options: Partial<DisasterCacheOptions> = {}): DisasterCache {
  return new DisasterCache({
    store: memoryStore(),
    clock: clock.read,
    onEvent: (event) => events.push(event),
    ...options,
  });
}

const gone: FaultRule = { kind: "drop", when: "before", times: "always" };

it("gives the stored listing when the service is gone, says how old it is, and tells", async () => {
  const manager = await boundClient(vault, clock, newCache().middleware);
  const online = await manager.getSecrets();
  expect(online.freshness.source).toBe("service");
  vault.faults.add(gone);
  clock.pass(90_000);
  const offline = await manager.getSecrets();
  expect(offline.freshness).toEqual({ source: "cache", fetchedAt: clock.now - 90_000, ageMs: 90_000 });
  expect(offline.records.map(({ uid, data }) => [uid, data])).toEqual(
    online.records.map(({ uid, data }) => [uid, data]),
  );
  expect(offline.records.map(({ folderUid }) => folderUid)).toEqual(
    online.records.map(({ folderUid }) => folderUid),
  );
  expect(offline.appData).toEqual(online.appData);
  expect([offline.problems, offline.warnings]).toEqual([[], []]);
  expect(events).toEqual([
    expect.objectContaining({ kind: "served", ageMs: 90_000, code: "ERR_KSM_TRANSPORT_NETWORK" }),
  ]);
});

/** Responses of something between client and service. */
const foreign: readonly [what: string, status: number, body: string | JsonObject][] = [
  ["a redirect with a page", 302, "<html>Sign in</html>"],
  ["a redirect without a body", 301, ""],
  ["a redirect with JSON that looks like a refusal", 307, { result_code: "access_denied" }],
  ["an empty success", 204, ""],
  ["a success that is not 200", 202, "<html>"],
  ["the demand of a proxy", 407, ""],
  ["the demand of a proxy in JSON", 407, { error: "proxy_authentication_required" }],
  ["the demand of a network to sign in", 511, "<html>"],
  ["a page with status 200", 200, "<html>Sign in</html>"],
  ["a page with status 401", 401, "<html>"],
  ["an empty 401", 401, ""],
  ["a page with status 403", 403, "<html>access_denied</html>"],
  ["text with status 403", 403, "blocked"],
  ["a page with status 404", 404, "<html>"],
  ["JSON with status 403 that is no object", 403, '["access_denied"]'],
  ["JSON with status 403 that names no code", 403, { message: "Forbidden" }],
  ["JSON with status 400 whose code is no text", 400, { error: { code: 400 } }],
];

describe("a stored answer", () => {
  const outages: Record<string, FaultRule> = {
    "a connection that drops before the answer": gone,
    "a connection that drops within the answer": { kind: "drop", when: "during", times: "always" },
    "an answer cut short": { kind: "truncate", bytes: 40, times: "always" },
    "garbage in place of an answer": { kind: "garbage", times: "always" },
    "status 500": { kind: "status", status: 500, times: "always" },
    "status 503 with a page": { kind: "status", status: 503, body: "<html>", times: "always" },
    "throttling to the end": { kind: "throttle", times: "always" },
    "old-style throttling to the end": { kind: "throttle", status: 403, times: "always" },
    ...Object.fromEntries(
      foreign.map(([what, status, body]) => [what, { kind: "status", status, body, times: "always" }]),
    ),
  };
  for (const [what, fault] of Object.entries(outages)) {
    it(`stands in for ${what}`, async () => {
      const manager = await boundClient(vault, clock, newCache().middleware);
      const { records } = await manager.getSecrets();
      vault.faults.add(fault);
      const offline = await manager.getSecrets();
      expect(offline.freshness.source).toBe("cache");
      expect(offline.records).toHaveLength(records.length);
    });
  }

  it("stands in for a service that never answers", async () => {
    const manager = await boundClient(vault, clock, newCache().middleware, {
      timeoutMs: 20,
    });
    await manager.getSecrets();
    vault.faults.add({ kind: "latency", ms: 1_000, times: "always" });
    expect((await manager.getSecrets()).freshness.source).toBe("cache");
    expect(events[0]?.code).toBe("ERR_KSM_TRANSPORT_TIMEOUT");
  });
});

describe("no stored answer", () => {
  const refusals: Record<string, [FaultRule, string]> = {
    "denied access": [
      { kind: "status", status: 403, body: { result_code: "access_denied" }, times: "always" },
      "ERR_KSM_TRANSPORT_ACCESS_DENIED",
    ],
    "an expired token": [
      { kind: "status", status: 401, body: { error: "token_expired" }, times: "always" },
      "ERR_KSM_TRANSPORT_REFUSED",
    ],
    "a code that is not known": [
      { kind: "status", status: 403, body: { error: "suspended" }, times: "always" },
      "ERR_KSM_TRANSPORT_REFUSED",
    ],
    "a bad request": [
      { kind: "status", status: 400, body: { result_code: "bad_request" }, times: "always" },
      "ERR_KSM_TRANSPORT_REFUSED",
    ],
    "an unknown client version": [
      { kind: "status", status: 403, body: { result_code: "invalid_client_version" }, times: "always" },
      "ERR_KSM_TRANSPORT_CLIENT_VERSION",
    ],
    "a server key that is not to be trusted": [
      { kind: "key", keyId: 99, times: "always" },
      "ERR_KSM_TRANSPORT_SERVER_KEY",
    ],
  };
  for (const [what, [fault, code]] of Object.entries(refusals)) {
    it(`stands in for ${what}`, async () => {
      const manager = await boundClient(vault, clock, newCache().middleware);
      await manager.getSecrets();
      vault.faults.add(fault);
      await expect(manager.getSecrets()).rejects.toMatchObject({ code });
      expect(events.filter(({ kind }) => kind === "served")).toEqual([]);
    });
  }

  it("stands in for a caller that has lost patience", async () => {
    const manager = await boundClient(vault, clock, newCache().middleware);
    await manager.getSecrets();
    const signal = AbortSignal.abort();
    await expect(manager.getSecrets({ signal })).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
  });

  it("stands in for a read that must be fresh", async () => {
    const manager = await boundClient(vault, clock, newCache().middleware);
    await manager.getSecrets();
    vault.faults.add(gone);
    await expect(manager.getSecrets({ fresh: true })).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_NETWORK",
    });
  });

  it("stands in for a write", async () => {
    const manager = await boundClient(vault, clock, newCache().middleware);
    const record = await manager.getRecordByTitle("Web shop");
    vault.faults.add(gone);
    record.setField("login", "carol");
    await expect(manager.updateRecord(record)).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
  });

  it("stands in for a binding", async () => {
    vault.faults.add(gone);
    const { hostname, serverPublicKey, serverPublicKeyId, oneTimeTokens } = vault.ksm;
    const manager = new SecretsEditor({
      storage: memoryStorage(),
      token: oneTimeTokens[0],
      hostname,
      serverPublicKey,
      serverPublicKeyId,
      fetch: vault.fetch,
      middleware: newCache().middleware,
    });
    await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
  });
});

describe("the read that binds the device", () => {
  async function firstClient(cache: DisasterCache): Promise<SecretsEditor> {
    const { hostname, serverPublicKey, serverPublicKeyId } = vault.ksm;
    return new SecretsEditor({
      storage: memoryStorage(),
      token: await vault.newToken(),
      hostname,
      serverPublicKey,
      serverPublicKeyId,
      fetch: vault.fetch,
      clock: clock.read,
      middleware: cache.middleware,
    });
  }

  for (const [what, confirmation] of [
    ["is stored", []],
    ["is stored also when confirming it fails", [{ ...gone, after: 1 }]],
  ] as const) {
    it(`the response ${what}`, async () => {
      const manager = await firstClient(newCache());
      for (const fault of confirmation) vault.faults.add(fault);
      const online = await manager.getSecrets();
      expect(online.freshness.source).toBe("service");
      vault.faults.add(gone);
      const offline = await manager.getSecrets();
      expect(offline.freshness.source).toBe("cache");
      expect(offline.records.map(({ uid }) => uid)).toEqual(online.records.map(({ uid }) => uid));
    });
  }

  it("is stored when it asks for one record", async () => {
    const uid = vault.owner.recordUids()[0] ?? "";
    const manager = await firstClient(newCache());
    await manager.getSecrets({ uids: uid });
    vault.faults.add(gone);
    expect((await manager.getRecord(uid)).uid).toBe(uid);
    await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
  });

  it("stores nothing when it is a binding alone", async () => {
    const cache = newCache();
    const manager = await firstClient(cache);
    await manager.bind();
    expect((await cache.status(manager)).entries).toEqual([]);
  });
});

it("passes the service's own error on when nothing is stored", async () => {
  const manager = await boundClient(vault, clock, newCache().middleware);
  vault.faults.add(gone);
  await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
  expect(events.map(({ kind }) => kind)).toEqual(["missed"]);
});

it("removes everything of a client that is denied access, and serves it nothing afterwards", async () => {
  const store = memoryStore();
  const cache = newCache({ store });
  const [revoked, other] = [
    await boundClient(vault, clock, cache.middleware),
    await boundClient(vault, clock, cache.middleware),
  ];
  await revoked.getSecrets();
  await revoked.getFolders();
  await other.getSecrets();
  const first = vault.owner.clients().find(({ binding }) => binding === "bound");
  await vault.owner.removeClient(first?.clientId ?? "");
  await expect(revoked.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" });
  expect(events.map(({ kind }) => kind)).toEqual(["purged"]);
  vault.faults.add(gone);
  await expect(revoked.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
  await expect(revoked.getFolders()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
  expect((await other.getSecrets()).freshness.source).toBe("cache");
  // Two ledgers and the other client's listing.
  expect(await store.list("")).toHaveLength(3);
});

it("keeps what is stored through a flapping service", async () => {
  const manager = await boundClient(vault, clock, newCache().middleware);
  const { records } = await manager.getSecrets();
  for (let round = 0; round < 10; round++) {
    vault.faults.add(
      { kind: "drop", when: "before" },
      { kind: "status", status: 502 },
      { kind: "wrongTag" },
      { kind: "drop", when: "during" },
    );
    const sources: string[] = [];
    for (let read = 0; read < 5; read++) {
      clock.pass(1_000);
      const result = await manager.getSecrets();
      expect(result.records.map(({ uid, revision }) => [uid, revision])).toEqual(
        records.map(({ uid, revision }) => [uid, revision]),
      );
      sources.push(result.freshness.source);
    }
    expect(sources).toEqual(["cache", "cache", "cache", "cache", "service"]);
  }
});

describe("the service is waited for", () => {
  /** A service that takes its time to fail, by the test's clock. */
  const slow =
    (tookMs: number, calls: ServiceCall[]): Middleware =>
    async (call, next) => {
      if (call.kind !== "read" || !slowNow) return next(call);
      calls.push(call);
      clock.pass(tookMs);
      throw new TransportError("ERR_KSM_TRANSPORT_TIMEOUT", "slow");
    };
  let slowNow = false;
  beforeEach(() => {
    slowNow = false;
  });

  it("for networkTimeoutMs, or as long as the caller wants if that is less", async () => {
    const calls: ServiceCall[] = [];
    const cache = newCache({ networkTimeoutMs: 5_000 });
    const manager = await boundClient(vault, clock, [cache.middleware, slow(0, calls)]);
    await manager.getSecrets();
    slowNow = true;
    await manager.getSecrets();
    await manager.getSecrets({ timeoutMs: 1_000 });
    await expect(manager.getSecrets({ fresh: true })).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_TIMEOUT",
    });
    expect(calls.map(({ wait }) => wait.timeoutMs)).toEqual([5_000, 1_000, 600_000]);
  });

  it("for all of the caller's time when nothing is stored", async () => {
    const calls: ServiceCall[] = [];
    const cache = newCache({ networkTimeoutMs: 5_000 });
    const manager = await boundClient(vault, clock, [cache.middleware, slow(5_000, calls)]);
    slowNow = true;
    await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_TIMEOUT" });
    await expect(manager.getSecrets({ timeoutMs: 4_000 })).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_TIMEOUT",
    });
    expect(calls.map(({ wait }) => wait.timeoutMs)).toEqual([5_000, 595_000, 4_000]);
  });

  it("no longer than half of the time in an outage that is slow to show", async () => {
    const calls: ServiceCall[] = [];
    const manager = await boundClient(vault, clock, [newCache().middleware, slow(30_000, calls)]);
    await manager.getSecrets();
    slowNow = true;
    for (let read = 0; read < 100; read++) {
      expect((await manager.getSecrets()).freshness.source).toBe("cache");
      clock.pass(1_000);
    }
    expect(calls).toHaveLength(4);
    slowNow = false;
    clock.pass(30_000);
    expect((await manager.getSecrets()).freshness.source).toBe("service");
    expect((await manager.getSecrets()).freshness.source).toBe("service");
  });

  it("through a throttle that passes, when nothing is stored", async () => {
    const manager = await boundClient(vault, clock, newCache({ networkTimeoutMs: 5_000 }).middleware, {
      maxThrottleRetries: 5,
      sleep: async () => {},
    });
    vault.faults.add({ kind: "throttle", times: 2 });
    expect((await manager.getSecrets()).freshness.source).toBe("service");
  });
});

it("never withholds the service's response for a store that is slower than the caller waits", async () => {
  const store = { ...memoryStore(), write: () => new Promise<never>(() => {}) };
  const manager = await boundClient(vault, clock, newCache({ store }).middleware);
  const { records, freshness } = await manager.getSecrets({ timeoutMs: 200 });
  expect(freshness.source).toBe("service");
  const record = records.find(({ type }) => type === "login");
  record?.setField("login", "changed");
  if (record === undefined) throw new RangeError("the vault has no login");
  await manager.updateRecord(record, { timeoutMs: 200, refresh: false });
  expect((await manager.getRecord(record.uid, { fresh: true, timeoutMs: 200 })).field("login")).toBe(
    "changed",
  );
});

it("asks a throttled service no earlier than it named", async () => {
  const manager = await boundClient(vault, clock, newCache().middleware);
  await manager.getSecrets();
  vault.faults.add({ kind: "throttle", retryAfter: 300, times: "always" });
  const from = vault.log.length;
  for (let seconds = 0; seconds < 300; seconds += 60) {
    expect((await manager.getSecrets({ timeoutMs: 5_000 })).freshness.source).toBe("cache");
    clock.pass(60_000);
  }
  expect(vault.log.length - from).toBe(1);
  vault.faults.clear();
  clock.pass(60_000);
  expect((await manager.getSecrets()).freshness.source).toBe("service");
});
