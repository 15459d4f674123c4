/** What the compiler knows of the caches; this file is compiled, never run. */
import {
  CacheError,
  DisasterCache,
  memorySharedStore,
  memoryStore,
  ReadCache,
  SharedCache,
  type CacheEvent,
  type CacheStore,
  type SharedStore,
} from "@ksmkit/cache";
import { redisSharedStore, redisStore, type RedisClient } from "@ksmkit/cache/redis";
import { memoryStorage, SecretsManager, type Middleware, type KsmRecord } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import { getNotation } from "@ksmkit/core/notation";
import { expectType, type Equal } from "@ksmkit/tool-types/expect";

const disaster = new DisasterCache({ store: memoryStore(), offline: "prefer" });
const shared = new SharedCache({
  store: memorySharedStore(),
  onEvent: (notice: CacheEvent) => void notice,
});
expectType<Equal<typeof disaster.middleware, Middleware>>();
const manager = new SecretsManager({
  storage: memoryStorage(),
  middleware: [shared.middleware, disaster.middleware],
});
const { ready, losses } = await disaster.drill(manager);
expectType<Equal<typeof ready, boolean>>();
expectType<Equal<(typeof losses)[number]["reason"], "not-stored" | "outdated" | "files">>();

// The client keeps its own type.
const secrets = new ReadCache({
  client: (watch) => new SecretsEditor({ storage: memoryStorage(), middleware: watch }),
});
expectType<Equal<typeof secrets.client, SecretsEditor>>();
await disaster.warm(secrets.client);
const { records } = await secrets.getSecrets();
expectType<Equal<typeof records, readonly KsmRecord[]>>();
// @ts-expect-error what is shared is not changed
records.push();
void getNotation(secrets, "keeper://title/field/login");
// @ts-expect-error a cache in memory has no maintenance of its own
void disaster.warm(secrets);

declare const redis: RedisClient;
expectType<Equal<ReturnType<typeof redisStore>, CacheStore>>();
const store = redisSharedStore({ client: redis });
expectType<Equal<typeof store, SharedStore>>();
// @ts-expect-error one shares answers, the other keeps them
void new SharedCache({ store: redisStore({ client: redis }) });
// @ts-expect-error a misspelt option
void new DisasterCache({ store: memoryStore(), maxStale: 5 });
// @ts-expect-error no such mode
void new DisasterCache({ store: memoryStore(), offline: "never" });

declare const caught: unknown;
if (caught instanceof CacheError && caught.code === "ERR_CACHE_MISS")
  expectType<Equal<typeof caught.retryable, boolean>>();
