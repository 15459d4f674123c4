/** A limit for work that cannot be cancelled: the wait ends, the work may go on. */
import type { Sleep } from "@ksmkit/common";
import { CacheError } from "../errors/cache-error.ts";
import type { CacheStore } from "./cache-store.ts";

/**
 * Settles as `work` does, or fails after `ms`.
 *
 * @throws {@link CacheError} `ERR_CACHE_STORE_FAILED`, retryable
 */
export async function withTimeout<T>(work: Promise<T>, ms: number, what: string, sleep: Sleep): Promise<T> {
  const done = new AbortController();
  const late = sleep(ms, done.signal).then((): never => {
    throw new CacheError("ERR_CACHE_STORE_FAILED", `${what} did not answer within ${ms} ms.`, {
      retryable: true,
    });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

/** A store whose every answer has a time limit. */
export function limitedStore(store: CacheStore, ms: number, sleep: Sleep): CacheStore {
  const limit = <T>(work: Promise<T>): Promise<T> =>
    withTimeout(work, ms, `The store (${store.description})`, sleep);
  return {
    get description() {
      return store.description;
    },
    read: (name, warn) => limit(store.read(name, warn)),
    update: (name, decide) => limit(store.update(name, decide)),
    remove: (name) => limit(store.remove(name)),
    list: (prefix) => limit(store.list(prefix)),
  };
}
