/** A time limit for work that cannot be cancelled: the wait ends, the work may go on. */
import type { Sleep } from "@ksmkit/common";
import { CacheError } from "../errors/cache-error.ts";

/**
 * Settles as `work` does, or fails after `ms` milliseconds.
 *
 * @throws {@link CacheError} `ERR_CACHE_STORE_FAILED`, retryable
 */
export async function withTimeout<T>(work: Promise<T>, ms: number, what: string, sleep: Sleep): Promise<T> {
  const done = new AbortController();
  const timeout = sleep(ms, done.signal).then((): never => {
    throw new CacheError("ERR_CACHE_STORE_FAILED", `${what} did not respond within ${ms} ms.`, {
      retryable: true,
    });
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    done.abort();
  }
}
