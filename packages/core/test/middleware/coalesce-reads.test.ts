import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { coalesceReads } from "../../src/middleware/coalesce-reads.ts";
import type { SecretsManager } from "../../src/client/secrets-manager.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";
import { answerOf, serviceCall, through } from "./service.ts";

describe("coalesceReads on a vault", () => {
  let vault: Vault;
  let manager: SecretsManager;
  let uids: string[];
  let asked = 0;
  beforeAll(async () => {
    vault = await startLocalVault();
    manager = localClient(vault, { middleware: coalesceReads() });
    uids = (await manager.getSecrets()).records.map(({ uid }) => uid);
  });
  beforeEach(() => {
    asked = vault.log.length;
  });
  afterAll(() => vault.close());

  it("reads many single records in one request, each caller its own", async () => {
    const records = await Promise.all(uids.map((uid) => manager.getRecord(uid)));
    expect(records.map(({ uid }) => uid)).toEqual(uids);
    expect(vault.log.slice(asked).map(({ payload }) => payload?.["requestedRecords"])).toEqual([uids]);
  });

  it("gives nobody what somebody else asked for", async () => {
    const [one, two, none] = await Promise.all([
      manager.getSecrets({ uids: uids[0] }),
      manager.getSecrets({ uids: [uids[1]!, uids[2]!] }),
      manager.getSecrets({ uids: "A".repeat(22) }),
    ]);
    expect(one.records.map(({ uid }) => uid)).toEqual([uids[0]]);
    expect(new Set(two.records.map(({ uid }) => uid))).toEqual(new Set([uids[1], uids[2]]));
    expect(none.records).toEqual([]);
    expect(vault.log.length - asked).toBe(1);
  });

  it("keeps different questions apart, and those of later ticks", async () => {
    await Promise.all([
      manager.getSecrets(),
      manager.getSecrets(),
      manager.getSecrets({ links: true }),
      manager.getFolders(),
      manager.getRecord(uids[0]!),
      manager.getRecord(uids[0]!, { links: true }),
    ]);
    expect(vault.log.length - asked).toBe(5);
    await manager.getSecrets();
    expect(vault.log.length - asked).toBe(6);
  });
});

describe("coalesceReads", () => {
  it("never joins writes or binding calls", async () => {
    const { call, reached } = through(coalesceReads());
    await Promise.all([
      call(serviceCall({ kind: "bind" })),
      call(serviceCall({ kind: "bind" })),
      call(serviceCall({ kind: "write", endpoint: "update_secret" })),
      call(serviceCall({ kind: "write", endpoint: "update_secret" })),
    ]);
    expect(reached).toHaveLength(4);
  });

  it("never mixes devices, nor fresh reads with those that a cache may answer", async () => {
    const { call, reached } = through(coalesceReads());
    await Promise.all([
      call(serviceCall()),
      call(serviceCall({ fresh: true })),
      call(serviceCall({ device: { ...serviceCall().device, clientId: "other" } })),
    ]);
    expect(reached).toHaveLength(3);
  });

  it("gives up the request only when everybody has", async () => {
    const signals: AbortSignal[] = [];
    const { call } = through(
      coalesceReads(),
      ({ wait }) =>
        new Promise((_, reject) => {
          if (wait.signal) signals.push(wait.signal);
          wait.signal?.addEventListener("abort", () => reject(wait.signal?.reason as Error));
        }),
    );
    const [a, b] = [new AbortController(), new AbortController()];
    const first = call(serviceCall({ wait: { signal: a.signal, timeoutMs: 1e6 } }));
    const second = call(serviceCall({ wait: { signal: b.signal, timeoutMs: 2e6 } }));
    a.abort();
    await expect(first).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    b.abort();
    await expect(second).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
    expect(signals[0]?.aborted).toBe(true);
  });

  it("waits as long as the most patient caller", async () => {
    const { call, reached } = through(coalesceReads());
    await Promise.all([
      call(serviceCall({ wait: { timeoutMs: 5_000 } })),
      call(serviceCall({ wait: { timeoutMs: 90_000 } })),
    ]);
    expect(reached.map(({ wait }) => wait.timeoutMs)).toEqual([90_000]);
  });

  it("hands a failure to everybody, and starts anew", async () => {
    let failing = true;
    const { call, reached } = through(coalesceReads(), () => {
      if (failing) throw new Error("down");
      return answerOf({ records: [] });
    });
    const outcomes = await Promise.allSettled([call(serviceCall()), call(serviceCall())]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    failing = false;
    await call(serviceCall());
    expect(reached).toHaveLength(2);
  });

  it("leaves misshapen answers to those who judge them", async () => {
    const json = { records: "none", folders: [null, { folderUid: "f", records: 5 }] };
    const { call } = through(coalesceReads(), () => answerOf(json));
    const [one] = await Promise.all([
      call(serviceCall({ payload: { requestedRecords: ["a"] } })),
      call(serviceCall({ payload: { requestedRecords: ["b"] } })),
    ]);
    expect(one?.json).toEqual(json);
  });
});
