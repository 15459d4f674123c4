/** A store for sealed entries in Redis. */
import { encodeBase64, encodeHex, platformRandom } from "@ksmkit/common";
import { CacheError } from "../errors/cache-error.ts";
import type { CacheStore } from "../store/cache-store.ts";
import {
  bytesOf,
  evalScript,
  listOf,
  redisPrefix,
  scanKeys,
  textOf,
  type RedisOptions,
} from "./redis-client.ts";

/** Options of {@link redisStore}. */
export interface RedisStoreOptions extends RedisOptions {
  /** Entries expire this many milliseconds after they were written. Default: never. */
  keepMs?: number | undefined;
}

// KEYS: entry. ARGV: version expected or "", new version, bytes, milliseconds or 0.
const replaceScript = `
local now = redis.pcall('HGET', KEYS[1], 'v') or ''
if type(now) == 'table' then
  redis.call('DEL', KEYS[1])
  now = ''
end
if now ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'b', ARGV[3])
if ARGV[4] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return 1`;

// Each failed attempt means that another writer succeeded.
const maxAttempts = 50;

/**
 * Keeps sealed entries in Redis: for `DisasterCache`, so that a fleet shares its fallback. Redis sees hashes and
 * ciphertext only.
 *
 * @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID`
 * @example
 * ```ts
 * import { createClient } from "redis";
 * const client = await createClient({ url: "redis://cache:6379" }).connect();
 * const cache = new DisasterCache({ store: redisStore({ client }) });
 * ```
 */
export function redisStore(options: RedisStoreOptions): CacheStore {
  const { client, keepMs = 0 } = options;
  const prefix = `${redisPrefix(options)}:store:`;
  const get = async (name: string): Promise<{ version: string; bytes: Uint8Array | null }> => {
    let reply: unknown;
    try {
      reply = await client.sendCommand(["HMGET", prefix + name, "v", "b"]);
    } catch (error) {
      // A key of another type was not written here: damaged, and replaced by the next write.
      if (!(error instanceof Error && error.message.startsWith("WRONGTYPE"))) throw error;
      return { version: "", bytes: new Uint8Array() };
    }
    const [version, bytes] = listOf(reply);
    if (version === null || version === undefined) return { version: "", bytes: null };
    return { version: textOf(version), bytes: bytes === null ? new Uint8Array() : bytesOf(bytes) };
  };
  return {
    description: `Redis ${prefix}*`,
    read: async (name) => (await get(name)).bytes,
    update: async (name, decide) => {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const { version, bytes } = await get(name);
        const next = decide(bytes);
        if (next === null) return;
        const args = [version, encodeHex(platformRandom(8)), encodeBase64(next), keepMs];
        if ((await evalScript(client, replaceScript, [prefix + name], args)) === 1) return;
      }
      throw new CacheError(
        "ERR_CACHE_STORE_FAILED",
        "Other processes keep writing the same entry in Redis.",
        {
          retryable: true,
        },
      );
    },
    remove: async (name) => {
      await client.sendCommand(["DEL", prefix + name]);
    },
    list: async (start) => {
      const keys = await scanKeys(client, `${prefix}${start}*`);
      return keys.map((key) => key.slice(prefix.length));
    },
  };
}
