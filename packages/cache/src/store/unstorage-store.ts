/** A store over unstorage (https://unstorage.unjs.io): its drivers reach S3, Cloudflare KV, Azure, and many more. */
import { backgroundSleep, decodeBase64, encodeBase64, type Sleep } from "@ksmkit/common";
import { checkLimits, refuseOption } from "../errors/cache-error.ts";
import type { CacheStore } from "./cache-store.ts";
import { withTimeout } from "./with-timeout.ts";

/** The part of an unstorage instance that is used. */
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
  /** How long a write may delay the next one of the same entry, in milliseconds. Default: 5 000. */
  writeTimeoutMs?: number | undefined;
  /** Waiting. Default: a timer that does not keep the process alive. */
  sleep?: Sleep | undefined;
}

/**
 * Keeps sealed entries in an unstorage instance, as base64 text, which every driver takes.
 *
 * Few drivers can compare and replace, so of two processes that write the same entry at the same moment one may
 * lose; within a process writers take turns. A write that hangs fails after `writeTimeoutMs` and lets the next one go;
 * if it succeeds later after all, the next response replaces it.
 *
 * @throws {@link CacheError} `ERR_CACHE_ARGUMENT_INVALID`
 * @example
 * ```ts
 * import { createStorage } from "unstorage";
 * const store = unstorageStore({ storage: createStorage({ driver: cloudflareKV }) });
 * ```
 */
export function unstorageStore(options: UnstorageStoreOptions): CacheStore {
  const { storage, base = "ksmkit", writeTimeoutMs = 5_000, sleep = backgroundSleep } = options;
  if (typeof storage?.getItem !== "function" || typeof storage.setItem !== "function") {
    throw refuseOption("storage", "an unstorage instance");
  }
  if (!/^[A-Za-z0-9-]+$/.test(base)) throw refuseOption("base", "letters, digits and dashes");
  checkLimits(options, 1, "writeTimeoutMs");
  const description = `unstorage ${base}`;
  const keyOf = (name: string): string => `${base}:${name}`;
  /** The last write of each entry that is under way, by name; none of them rejects. */
  const turns = new Map<string, Promise<unknown>>();
  const read = async (name: string): Promise<Uint8Array | null> => {
    const value = await storage.getItem(keyOf(name));
    if (value === null || value === undefined) return null;
    // What is not base64 was not written here: it counts as damaged.
    return (typeof value === "string" && decodeBase64(value)) || new Uint8Array();
  };
  return {
    description,
    read,
    update: (name, decide) => {
      const replace = async (): Promise<void> => {
        const next = decide(await read(name));
        if (next !== null) await storage.setItem(keyOf(name), encodeBase64(next));
      };
      const limited = (): Promise<void> =>
        withTimeout(replace(), writeTimeoutMs, `The store (${description})`, sleep);
      const update = (turns.get(name) ?? Promise.resolve()).then(limited);
      const leave = (): void => {
        if (turns.get(name) === turn) turns.delete(name);
      };
      const turn = update.then(leave, leave);
      turns.set(name, turn);
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
