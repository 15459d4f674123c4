/**
 * Stores over Redis, for any client that can send a command.
 *
 * @module
 */
export type { RedisClient, RedisOptions } from "./redis-client.ts";
export { redisSharedStore } from "./redis-shared-store.ts";
export { redisStore, type RedisStoreOptions } from "./redis-store.ts";
