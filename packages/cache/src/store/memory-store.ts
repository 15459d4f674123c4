import type { CacheStore } from "./cache-store.ts";

/** Keeps sealed entries in memory, for tests and for processes that live long. Several caches may share one. */
export function memoryStore(): CacheStore {
  const entries = new Map<string, Uint8Array>();
  return {
    description: "memory",
    read: async (name) => entries.get(name)?.slice() ?? null,
    update: async (name, decide) => {
      const next = decide(entries.get(name)?.slice() ?? null);
      if (next !== null) entries.set(name, next.slice());
    },
    remove: async (name) => {
      entries.delete(name);
    },
    list: async (prefix) => [...entries.keys()].filter((name) => name.startsWith(prefix)),
  };
}
