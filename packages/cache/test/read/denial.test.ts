/** A read cache whose client is denied access. */
import type { Middleware } from "@ksmkit/core";
import type { SecretsEditor } from "@ksmkit/core/editor";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReadCache } from "../../src/read/read-cache.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

const denied = { code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" };

let vault: Vault;
let clock: TestClock;
beforeEach(async () => {
  vault = await startLocalVault({ generate: 4 });
  clock = new TestClock();
});
afterEach(() => vault.close());

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

describe("a ReadCache whose client is denied access", () => {
  async function watched(): Promise<ReadCache<SecretsEditor>> {
    let watch: Middleware = (call, next) => next(call);
    const client = await boundClient(vault, clock, (call, next) => watch(call, next));
    return new ReadCache({
      clock: clock.read,
      client: (given) => {
        watch = given;
        return client;
      },
    });
  }
  const readyMade = async (): Promise<ReadCache<SecretsEditor>> =>
    new ReadCache({ clock: clock.read, client: await boundClient(vault, clock) });

  const fresh: Record<string, (cache: ReadCache<SecretsEditor>) => Promise<unknown>> = {
    getRecord: (cache) => cache.getRecord(uidOf(), { fresh: true }),
    getSecrets: (cache) => cache.getSecrets({ fresh: true }),
    getFolders: (cache) => cache.getFolders({ fresh: true }),
  };
  for (const [name, read] of Object.entries(fresh)) {
    for (const [how, make] of Object.entries({ watched, "ready-made": readyMade })) {
      it(`at a fresh ${name} gives nothing of before (${how})`, async () => {
        const cache = await make();
        await cache.getSecrets();
        await cache.getFolders();
        await revoke();
        await expect(read(cache)).rejects.toMatchObject(denied);
        expect(cache.status().entries).toBe(0);
        await expect(cache.getRecord(uidOf())).rejects.toMatchObject(denied);
      });
    }
  }

  it("at a read of the client itself gives nothing of before", async () => {
    const cache = await watched();
    await cache.getSecrets();
    await revoke();
    await expect(cache.client.getFolders()).rejects.toMatchObject(denied);
    await expect(cache.getRecord(uidOf())).rejects.toMatchObject(denied);
  });

  it("at a write asks at the next read, and keeps what it has when that succeeds", async () => {
    const cache = await watched();
    await cache.getFolders();
    await cache.getSecrets();
    await deniedWrite(cache.client);
    const [, other = ""] = vault.owner.recordUids();
    const before = vault.log.length;
    expect((await cache.getFolders()).freshness.source).toBe("service");
    expect((await cache.getFolders()).freshness.source).toBe("cache");
    expect((await cache.getRecord(other)).uid).toBe(other);
    expect(vault.log.length - before).toBe(2);
  });

  it("at a write gives nothing of before when the next read is denied too", async () => {
    const cache = await watched();
    await cache.getFolders();
    const record = await cache.client.getRecord(uidOf());
    record.setField("login", "new");
    await revoke();
    await expect(cache.client.updateRecord(record)).rejects.toMatchObject(denied);
    await expect(cache.getFolders()).rejects.toMatchObject(denied);
    expect(cache.status().entries).toBe(0);
  });
});
