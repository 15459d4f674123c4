/** A redis-server that stops, dies, forgets or is filled with lies, under a client that reads all the while. */
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { CacheEvent, CacheEventKind } from "../../src/event.ts";
import { redisSharedStore } from "../../src/redis/redis-shared-store.ts";
import { redisStore } from "../../src/redis/redis-store.ts";
import { SharedCache } from "../../src/shared/shared-cache.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";
import { redisMissing, startRedis, type RedisServer, type RedisTestClient } from "../support/redis-server.ts";

describe.skipIf(redisMissing !== undefined)(
  `redis faults${redisMissing ? ` (skipped: ${redisMissing})` : ""}`,
  () => {
    let vault: Vault;
    let server: RedisServer;
    let client: RedisTestClient;
    let clock: TestClock;
    let events: CacheEvent[];
    let config: string;
    beforeEach(async () => {
      vault = await startLocalVault({ generate: 4 });
      server = await startRedis();
      client = await server.connect();
      clock = new TestClock();
      events = [];
      const binder = await boundClient(vault, clock);
      config = await binder.exportConfig();
    });
    afterEach(async () => {
      await server[Symbol.asyncDispose]();
      await vault.close();
    });

    const kinds = (): CacheEventKind[] => events.map(({ kind }) => kind);

    /** A replica with its own memory; ages of shared answers are those of the server's clock. */
    function replica(storeTimeoutMs = 5_000): SecretsManager {
      const cache = new SharedCache({
        store: redisSharedStore({ client }),
        ttlMs: 60_000,
        storeTimeoutMs,
        clock: clock.read,
        onEvent: (event) => events.push(event),
      });
      return new SecretsManager({
        storage: memoryStorage(config),
        fetch: vault.fetch,
        clock: clock.read,
        middleware: cache.middleware,
      });
    }

    it("shares through a real server, which sees ciphertext only", async () => {
      await replica().getSecrets();
      const { records, freshness } = await replica().getSecrets();
      expect([records.length, freshness.source]).toEqual([4, "cache"]);
      const keys = (await client.sendCommand(["KEYS", "*"])) as unknown as string[];
      const values: string[] = [];
      for (const key of keys.filter((key) => key.includes(":entry:"))) {
        const body = (await client.sendCommand(["HGET", key, "b"])) as unknown as string;
        values.push(key, Buffer.from(body, "base64").toString("latin1"));
      }
      expect(values).toHaveLength(2);
      for (const { uid } of records) expect(values.join(" ")).not.toContain(uid);
    });

    it("a server that hangs costs one wait, and no read", async () => {
      const manager = replica(50);
      await manager.getSecrets();
      server.signal("SIGSTOP");
      clock.pass(60_000);
      for (let read = 0; read < 5; read++) expect((await manager.getSecrets()).records).toHaveLength(4);
      server.signal("SIGCONT");
      clock.pass(5_000);
      await expect.poll(async () => (await replica(5_000).getSecrets()).records.length).toBe(4);
      expect(new Set(kinds())).toEqual(new Set(["store-failed"]));
    });

    it("a server that is gone fails no read", async () => {
      const [warm, cold] = [replica(), replica()];
      await warm.getSecrets();
      client.destroy();
      clock.pass(1_000);
      expect((await warm.getSecrets()).freshness).toMatchObject({ source: "cache", ageMs: 1_000 });
      expect((await cold.getSecrets()).freshness.source).toBe("service");
      clock.pass(60_000);
      expect((await warm.getSecrets()).freshness.source).toBe("service");
    });

    it("a flush costs one request", async () => {
      const [one, two] = [replica(), replica()];
      await one.getSecrets();
      await client.sendCommand(["FLUSHALL"]);
      const before = vault.log.length;
      await one.getSecrets();
      await two.getSecrets();
      expect(vault.log.length - before).toBeLessThanOrEqual(1);
    });

    it("lies in the server are not believed", async () => {
      await replica().getSecrets();
      const keys = (await client.sendCommand(["KEYS", "*:entry:*"])) as unknown as string[];
      for (const [body, times] of [
        ["AAAA", 1],
        ["not base64!", 1],
        ["", 1],
      ] as const) {
        for (const key of keys) await client.sendCommand(["HSET", key, "b", body, "v", `lie-${times}`]);
        expect((await replica().getSecrets()).freshness.source).toBe("service");
      }
      expect(new Set(kinds())).toEqual(new Set(["unreadable"]));
      for (const key of keys) await client.sendCommand(["SET", key, "another type"]);
      expect((await replica().getSecrets()).records).toHaveLength(4);
    });

    describe("an entry with damaged fields is read from the service once and overwritten", () => {
      const damages: Record<string, string[]> = {
        "an empty version": ["HSET", "v", ""],
        "no version": ["HDEL", "v"],
        "an epoch that is no number": ["HSET", "e", "soon"],
        "no epoch": ["HDEL", "e"],
        "a lifetime that is no number": ["HSET", "k", "long"],
        "a lifetime below zero": ["HSET", "k", "-5"],
        "no bytes": ["HDEL", "b"],
        "bytes that are no base64": ["HSET", "b", "*"],
        "another type": ["SET"],
      };
      for (const [what, [command = "", ...fields]] of Object.entries(damages)) {
        it(`reads past ${what}`, async () => {
          await replica().getSecrets();
          for (const key of (await client.sendCommand(["KEYS", "*:entry:*"])) as unknown as string[]) {
            await client.sendCommand([command, key, ...(command === "SET" ? ["text"] : fields)]);
          }
          expect((await replica().getSecrets()).freshness.source).toBe("service");
          expect((await replica().getSecrets()).freshness.source).toBe("cache");
          expect(kinds().filter((kind) => kind !== "unreadable")).toEqual([]);
        });
      }

      it("a count of changes that is no number", async () => {
        await replica().getSecrets();
        const [key = ""] = (await client.sendCommand(["KEYS", "*:entry:*"])) as unknown as string[];
        const epoch = `${key.slice(0, key.indexOf("}") + 1)}:epoch`;
        await client.sendCommand(["SET", epoch, "many"]);
        const store = redisSharedStore({ client });
        const [, tag = ""] = /\{(.*)\}/.exec(key) ?? [];
        const name = key.slice(key.lastIndexOf(":") + 1);
        expect((await store.look(tag, name)).epoch).toBe(0);
        await store.change(tag);
        const { epoch: after } = await store.look(tag, name);
        expect(after).toBeGreaterThan(1_000_000);
        await store.change(tag);
        expect((await store.look(tag, name)).epoch).toBe(after + 1);
      });

      it("another type in the store of a disaster cache", async () => {
        const store = redisStore({ client });
        await client.sendCommand(["SET", "ksmkit:store:a-1", "text"]);
        expect(await store.read("a-1")).toEqual(new Uint8Array());
        await store.update("a-1", () => Uint8Array.of(7));
        expect(await store.read("a-1")).toEqual(Uint8Array.of(7));
      });
    });

    it("carries a fleet through an outage as the store of its disaster cache", async () => {
      const caches = [1, 2].map(
        () => new DisasterCache({ store: redisStore({ client }), clock: clock.read }),
      );
      const [one, two] = caches.map(
        (cache) =>
          new SecretsManager({
            storage: memoryStorage(config),
            fetch: vault.fetch,
            clock: clock.read,
            middleware: cache.middleware,
          }),
      );
      await one?.getSecrets();
      vault.faults.add({ kind: "drop", when: "before", times: "always" });
      clock.pass(3_600_000);
      expect((await two?.getSecrets())?.freshness).toMatchObject({ source: "cache", ageMs: 3_600_000 });
    });
  },
);
