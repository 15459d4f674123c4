/** A store over unstorage (https://unstorage.unjs.io): its drivers reach S3, Cloudflare KV, Azure, and many more. */
import { decodeBase64, encodeBase64 } from "@ksmkit/common";
import { refuseOption } from "../errors/cache-error.ts";
import type { CacheStore } from "./cache-store.ts";

/** The part of an unstorage instance that is used; anything of this shape will do. */
export interface KeyValueStorage {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: string): Promise<unknown>;
  removeItem(key: string): Promise<unknown>;
  getKeys(base?: string): Promise<string[]>;
}

/** Options of {@link unstorageStore}. */
export interface UnstorageStoreOptions {
  /** An unstorage instance, from its `createStorage({ driver })`. */
  storage: KeyValueStorage;
  /** First part of every key: letters, digits and `-`. Default: `ksmkit`. */
  base?: string | undefined;
}

/**
 * Keeps sealed entries in an unstorage instance, as base64 text, which every driver takes.
 *
 * Few drivers can compare and replace, so of two processes that write the same entry at the same moment one may
 * lose; within a process writers take turns.
 *
 * @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID`
 * @example
 * ```ts
 * import { createStorage } from "unstorage";
 * const store = unstorageStore({ storage: createStorage({ driver: cloudflareKV }) });
 * ```
 */
export function unstorageStore({ storage, base = "ksmkit" }: UnstorageStoreOptions): CacheStore {
  if (typeof storage?.getItem !== "function" || typeof storage.setItem !== "function") {
    throw refuseOption("storage", "an unstorage instance");
  }
  if (!/^[A-Za-z0-9-]+$/.test(base)) throw refuseOption("base", "letters, digits and dashes");
  const keyOf = (name: string): string => `${base}:${name}`;
  let turn: Promise<unknown> = Promise.resolve();
  const read = async (name: string): Promise<Uint8Array | null> => {
    const value = await storage.getItem(keyOf(name));
    if (value === null || value === undefined) return null;
    // What is no base64 was not written here; it is damaged as far as the cache is concerned.
    return (typeof value === "string" && decodeBase64(value)) || new Uint8Array();
  };
  return {
    description: `unstorage ${base}`,
    read,
    update: (name, decide) => {
      const replace = async (): Promise<void> => {
        const next = decide(await read(name));
        if (next !== null) await storage.setItem(keyOf(name), encodeBase64(next));
      };
      const update = turn.then(replace);
      turn = update.catch(() => {});
      return update;
    },
    remove: async (name) => {
      await storage.removeItem(keyOf(name));
    },
    list: async (prefix) => {
      const keys = await storage.getKeys(base);
      return keys.filter((key) => key.startsWith(keyOf(prefix))).map((key) => key.slice(base.length + 1));
    },
  };
}
