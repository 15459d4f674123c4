import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisSharedStore } from "../../src/redis/redis-shared-store.ts";
import { redisStore } from "../../src/redis/redis-store.ts";
import { cacheStoreConformance, sharedStoreConformance } from "../../src/testing/index.ts";
import { redisMissing, startRedis, type RedisServer, type RedisTestClient } from "../support/redis-server.ts";

describe.skipIf(redisMissing !== undefined)(
  `redis-server${redisMissing ? ` (skipped: ${redisMissing})` : ""}`,
  () => {
    let server: RedisServer;
    let client: RedisTestClient;
    let other: RedisTestClient;
    beforeAll(async () => {
      server = await startRedis();
      client = await server.connect();
      other = await server.connect();
    });
    afterAll(() => server[Symbol.asyncDispose]());
    const cleanup = async (): Promise<void> => void (await client.sendCommand(["FLUSHALL"]));

    cacheStoreConformance(
      { describe, it, expect },
      {
        name: "Redis",
        create: async () => ({
          store: redisStore({ client }),
          reopen: async () => redisStore({ client: other }),
          cleanup,
        }),
      },
    );

    /** Ages everything by shortening what it still has to live. */
    const pass = async (ms: number): Promise<void> => {
      const keys = (await client.sendCommand(["KEYS", "*"])) as unknown as string[];
      for (const key of keys) {
        const left = Number(await client.sendCommand(["PTTL", key]));
        if (left > ms) await client.sendCommand(["PEXPIRE", key, String(left - ms)]);
        else if (left > 0) await client.sendCommand(["DEL", key]);
      }
    };

    sharedStoreConformance(
      { describe, it, expect },
      {
        name: "Redis",
        create: async () => ({
          store: redisSharedStore({ client }),
          reopen: async () => redisSharedStore({ client: other }),
          pass,
          cleanup,
        }),
      },
    );

    it("keeps entries for as long as it is told", async () => {
      await redisStore({ client, keepMs: 60_000 }).update("a-1", () => Uint8Array.of(1));
      const left = Number(await client.sendCommand(["PTTL", "ksmkit:store:a-1"]));
      expect(left > 0 && left <= 60_000).toBe(true);
      await cleanup();
    });

    it("keeps to its prefix", async () => {
      await client.sendCommand(["SET", "theirs", "1"]);
      const store = redisStore({ client, prefix: "mine" });
      await store.update("a-1", () => Uint8Array.of(1));
      const shared = redisSharedStore({ client, prefix: "mine" });
      await shared.change("c");
      await shared.lease("c", "n", "id", 1_000);
      await shared.purge("c");
      expect(await store.list("")).toEqual(["a-1"]);
      const keys = (await client.sendCommand(["KEYS", "*"])) as unknown as string[];
      expect(keys.toSorted()).toEqual(["mine:store:a-1", "mine:{c}:epoch", "theirs"]);
      await cleanup();
    });
  },
);

it("refuses a client and a prefix that cannot work", () => {
  const refused = expect.objectContaining({ code: "ERR_CACHE_ARGUMENT_INVALID" });
  const client = { sendCommand: async () => null };
  for (const make of [redisStore, redisSharedStore]) {
    expect(() => make({ client: {} as never })).toThrow(refused);
    expect(() => make({ client, prefix: "a*" })).toThrow(refused);
  }
});

it("takes a reply of another form for a failure of the store", async () => {
  for (const reply of [null, "OK", 1, [{}], [["a"]]]) {
    const client = { sendCommand: async () => reply };
    const failed = { code: "ERR_CACHE_STORE_FAILED" };
    await expect(redisSharedStore({ client }).look("c", "n")).rejects.toMatchObject(failed);
    await expect(redisStore({ client }).list("")).rejects.toMatchObject(failed);
  }
});
