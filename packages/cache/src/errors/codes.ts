/** Every code that this package throws, one line each: when it happens. A test holds the README table against it. */
export type CacheErrorCode =
  /** An option or argument has the wrong type or range. */
  | "ERR_CACHE_ARGUMENT_INVALID"
  /** `offline: "only"` forbids what the call needs: the service itself. */
  | "ERR_CACHE_OFFLINE"
  /** `offline: "only"`, and nothing stored answers the call. */
  | "ERR_CACHE_MISS"
  /** `offline: "only"`, and what is stored is older than `maxStaleMs`. */
  | "ERR_CACHE_TOO_OLD"
  /** The device is not bound yet, so it has no cache. */
  | "ERR_CACHE_NOT_BOUND"
  /** The store failed, or did not answer in time. */
  | "ERR_CACHE_STORE_FAILED";
