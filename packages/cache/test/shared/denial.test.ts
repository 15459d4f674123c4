/** A shared cache whose clients are denied access, over stores that misstate ages. */
import type { ServiceCall } from "@ksmkit/core";
import type { SecretsEditor } from "@ksmkit/core/editor";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CacheEventKind } from "../../src/event.ts";
import { memorySharedStore } from "../../src/shared/memory-shared-store.ts";
import { SharedCache } from "../../src/shared/shared-cache.ts";
import type { SharedStore } from "../../src/shared/shared-store.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

const denied = { code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" };
const dayMs = 86_400_000;

let vault: Vault;
let clock: TestClock;
let kinds: CacheEventKind[];
beforeEach(async () => {
  vault = await startLocalVault({ generate: 4 });
  clock = new TestClock();
  kinds = [];
});
afterEach(() => vault.close());

const onEvent = ({ kind }: { kind: CacheEventKind }): void => void kinds.push(kind);
const uidOf = (): string => vault.owner.recordUids()[0] ?? "";

async function revoke(): Promise<void> {
  for (const { clientId, binding } of vault.owner.clients()) {
    if (binding === "bound") await vault.owner.removeClient(clientId);
  }
}

/** A write that the service denies, as for a record that is shared read-only; reads go on. */
async function deniedWrite(client: SecretsEditor): Promise<void> {
  const record = await client.getRecord(uidOf(), { fresh: true });
  record.setField("login", "new");
  vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
  await expect(client.updateRecord(record)).rejects.toMatchObject(denied);
}

describe("a SharedCache", () => {
  let store: SharedStore;
  let purges: number;
  beforeEach(() => {
    purges = 0;
    const memory = memorySharedStore({ clock: clock.read });
    store = { ...memory, purge: (client) => (purges++, memory.purge(client)) };
  });
  const cacheOver = (over: SharedStore): SharedCache =>
    new SharedCache({ store: over, ttlMs: 10_000, clock: clock.read, onEvent });

  it("refuses one answer forever from a store that lies about its age, in a process that runs on", async () => {
    const frozen = memorySharedStore({ clock: () => 0 });
    const client = await boundClient(vault, clock, cacheOver(frozen).middleware);
    await client.getSecrets();
    await revoke();
    clock.pass(dayMs);
    await expect(client.getSecrets()).rejects.toMatchObject(denied);
    expect(kinds).toContain("too-old");
  });

  it("does not let a store make an answer younger than the process knows it to be", async () => {
    const frozen = memorySharedStore({ clock: () => 0 });
    const client = await boundClient(vault, clock, cacheOver(frozen).middleware);
    const first = (await client.getSecrets()).freshness.fetchedAt;
    for (let step = 0; step < 3; step++) {
      clock.pass(4_000);
      await client.getSecrets();
    }
    expect((await client.getSecrets()).freshness.fetchedAt).toBeGreaterThanOrEqual(first + 10_000);
  });

  it("keeps what the fleet shares when a write is denied for its record alone", async () => {
    const client = await boundClient(vault, clock, cacheOver(store).middleware);
    await deniedWrite(client);
    expect([purges, kinds]).toEqual([0, []]);
  });

  it("removes everything when a read confirms the denial of a write", async () => {
    const calls: ServiceCall[] = [];
    const client = await boundClient(vault, clock, [
      cacheOver(store).middleware,
      (call, next) => (calls.push(call), next(call)),
    ]);
    const record = await client.getRecord(uidOf());
    record.setField("login", "new");
    await revoke();
    await expect(client.updateRecord(record)).rejects.toMatchObject(denied);
    expect([purges, kinds]).toEqual([1, ["purged"]]);
    const { endpoint, fresh, payload } = calls.at(-1) ?? {};
    expect([endpoint, fresh, payload]).toEqual(["get_secret", true, { requestedRecords: ["A".repeat(22)] }]);
  });

  it("removes nothing when an outage keeps the denial of a write from being confirmed", async () => {
    const client = await boundClient(vault, clock, cacheOver(store).middleware);
    const record = await client.getRecord(uidOf());
    record.setField("login", "new");
    vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
    vault.faults.add({ kind: "drop", when: "before", times: "always" });
    await expect(client.updateRecord(record)).rejects.toMatchObject(denied);
    expect(purges).toBe(0);
  });
});
