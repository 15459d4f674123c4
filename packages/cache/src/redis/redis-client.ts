/** The part of a Redis client that is used, so that any client fits. */
import { decodeBase64 } from "@ksmkit/common";
import { CacheError, refuseOption } from "../errors/cache-error.ts";

/**
 * A Redis client. That of the `redis` package is one; for others write the one function:
 *
 * @example
 * ```ts
 * const client: RedisClient = { sendCommand: ([name = "", ...args]) => ioredis.call(name, ...args) };
 * ```
 */
export interface RedisClient {
  /** Sends a command and returns its reply: texts, numbers, `null`, and lists of them. */
  sendCommand(args: string[]): Promise<unknown>;
}

/** Options of everything that is kept in Redis. */
export interface RedisOptions {
  /** A connected client. */
  client: RedisClient;
  /** First part of every key. Default: `ksmkit`. */
  prefix?: string | undefined;
}

/** Checks the options and returns the prefix. */
export function redisPrefix({ client, prefix = "ksmkit" }: RedisOptions): string {
  if (typeof client?.sendCommand !== "function")
    throw refuseOption("client", "a Redis client with sendCommand");
  if (!/^[A-Za-z0-9:._-]+$/.test(prefix))
    throw refuseOption("prefix", "letters, digits, dashes, dots and colons");
  return prefix;
}

/** Runs a script; all keys must lie in one slot of a cluster. */
export function evalScript(
  client: RedisClient,
  script: string,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  return client.sendCommand(["EVAL", script, String(keys.length), ...keys, ...args.map(String)]);
}

/** All keys that match a pattern, and perhaps some of them twice. */
export async function scanKeys(client: RedisClient, pattern: string): Promise<string[]> {
  const keys = new Set<string>();
  let cursor = "0";
  do {
    const reply = listOf(await client.sendCommand(["SCAN", cursor, "MATCH", pattern, "COUNT", "500"]));
    cursor = textOf(reply[0]);
    for (const key of listOf(reply[1])) keys.add(textOf(key));
  } while (cursor !== "0");
  return [...keys];
}

/** A reply that should be a list. */
export function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new CacheError("ERR_CACHE_STORE_FAILED", "Redis gave a reply of an unexpected form.");
}

/** A reply that should be a text or a number. */
export function textOf(reply: unknown): string {
  if (typeof reply === "string" || typeof reply === "number") return String(reply);
  // A client may be configured to return bytes.
  if (reply instanceof Uint8Array) return new TextDecoder().decode(reply);
  throw new CacheError("ERR_CACHE_STORE_FAILED", "Redis gave a reply of an unexpected form.");
}

/** Stored bytes; what is no base64 was not written here, and is empty, which opens as nothing. */
export function bytesOf(reply: unknown): Uint8Array {
  return decodeBase64(textOf(reply)) ?? new Uint8Array();
}
