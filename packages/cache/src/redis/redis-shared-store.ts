/** What a fleet shares, in Redis: every step is one script, so that it happens as a whole. */
import { encodeBase64 } from "@ksmkit/common";
import type { SharedStore } from "../shared/shared-store.ts";
import {
  bytesOf,
  evalScript,
  listOf,
  redisPrefix,
  scanKeys,
  textOf,
  type RedisOptions,
} from "./redis-client.ts";

// Longer than any entry that depends on it.
const dayMs = 86_400_000;

// A key of another type, or without a number, was not written here: it counts as missing.
const countOf = (key: string): string => `
local count = redis.pcall('GET', ${key})
if type(count) ~= 'string' or not tonumber(count) then count = '0' end`;

// KEYS: entry, epoch. ARGV: known version. Returns the epoch, and version, epoch, age, bytes of the entry if there is an
// intact one. An age below 0 means that the clock of the server was set back: it is counted from now on.
const lookScript = `${countOf("KEYS[2]")}
local e = redis.pcall('HMGET', KEYS[1], 'v', 'e', 'k', 'b')
if e.err or not e[1] or e[1] == '' or not e[4] then return {count} end
local keep = tonumber(e[3])
if not tonumber(e[2]) or not keep or keep < 1 then return {count} end
local age = keep - redis.call('PTTL', KEYS[1])
if age < 0 then
  redis.call('PEXPIRE', KEYS[1], keep)
  age = 0
end
local bytes = ''
if e[1] ~= ARGV[1] then bytes = e[4] end
return {count, e[1], e[2], tostring(age), bytes}`;

// KEYS: lease, fence, epoch, entry. ARGV: id, milliseconds, milliseconds of the fence.
const leaseScript = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {} end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[3])${countOf("KEYS[3]")}
local version = redis.pcall('HGET', KEYS[4], 'v')
if type(version) ~= 'string' then version = '' end
return {count, version}`;

// KEYS: lease, fence, entry. ARGV: id, version, epoch, milliseconds, bytes.
const publishScript = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[3], 'v', ARGV[2], 'e', ARGV[3], 'k', ARGV[4], 'b', ARGV[5])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

// KEYS: lease. ARGV: id, milliseconds.
const holdScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

// KEYS: epoch. ARGV: milliseconds. A damaged count starts again above every other one.
const changeScript = `
if type(redis.pcall('INCR', KEYS[1])) ~= 'number' then
  local time = redis.call('TIME')
  redis.call('SET', KEYS[1], time[1] .. string.format('%06d', time[2]))
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`;

/**
 * Shares sealed responses through Redis: for `SharedCache`. Works with a single server, Sentinel, and a cluster whose
 * client routes by key; keys of one client lie in one slot.
 *
 * @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID`
 * @example
 * ```ts
 * import { createClient } from "redis";
 * const client = await createClient({ url: "redis://cache:6379" }).connect();
 * const cache = new SharedCache({ store: redisSharedStore({ client }), ttlMs: 2_000 });
 * ```
 */
export function redisSharedStore(options: RedisOptions): SharedStore {
  const { client: redis } = options;
  const prefix = redisPrefix(options);
  const base = (client: string): string => `${prefix}:{${client}}`;
  const keysOf = (client: string, name: string): Record<"entry" | "lease" | "fence" | "epoch", string> => ({
    entry: `${base(client)}:entry:${name}`,
    lease: `${base(client)}:lease:${name}`,
    fence: `${base(client)}:fence:${name}`,
    epoch: `${base(client)}:epoch`,
  });
  const change = async (client: string): Promise<void> => {
    await evalScript(redis, changeScript, [`${base(client)}:epoch`], [30 * dayMs]);
  };
  return {
    description: `Redis ${prefix}:*`,
    look: async (client, name, known = "") => {
      const { entry, epoch } = keysOf(client, name);
      const reply = listOf(await evalScript(redis, lookScript, [entry, epoch], [known]));
      const [now, version, began, age, bytes] = reply;
      if (version === undefined || version === null) return { entry: null, epoch: Number(textOf(now)) };
      const found = {
        version: textOf(version),
        ageMs: Math.max(0, Number(textOf(age))),
        epoch: Number(textOf(began)),
        bytes: textOf(version) === known ? null : bytesOf(bytes),
      };
      return { entry: found, epoch: Number(textOf(now)) };
    },
    lease: async (client, name, id, ms) => {
      const { lease, fence, epoch, entry } = keysOf(client, name);
      const reply = listOf(
        await evalScript(redis, leaseScript, [lease, fence, epoch, entry], [id, Math.ceil(ms), dayMs]),
      );
      const [count, version] = reply;
      if (count === undefined) return null;
      return { id, epoch: Number(textOf(count)), version: textOf(version) || null };
    },
    publish: async (client, name, { lease: { id, epoch: began }, version, bytes, keepMs }) => {
      const { lease, fence, entry } = keysOf(client, name);
      const args = [id, version, began, Math.ceil(keepMs), encodeBase64(bytes)];
      return (await evalScript(redis, publishScript, [lease, fence, entry], args)) === 1;
    },
    hold: async (client, name, { id }, ms) => {
      await evalScript(redis, holdScript, [keysOf(client, name).lease], [id, Math.ceil(ms)]);
    },
    change,
    purge: async (client) => {
      await change(client);
      const keys = await scanKeys(redis, `${base(client)}:*`);
      for (const key of keys) if (!key.endsWith(":epoch")) await redis.sendCommand(["DEL", key]);
    },
  };
}
