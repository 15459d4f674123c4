/** What a caller learns when a request is about to be repeated. */

/**
 * Why a request is repeated:
 * - `throttled` the service refuses for now; `delayMs` is what it named, or the next of 11, 22, 44 … s
 * - `server_key` the service asks for another of its keys
 * - `connection_closed` a kept-alive connection turned out to be closed; for reads only
 */
export type RetryReason = "throttled" | "server_key" | "connection_closed";

/** A repetition that is about to happen. */
export interface RetryNotice {
  /** Endpoint of the request, for example `get_secret`. */
  readonly endpoint: string;
  readonly reason: RetryReason;
  /** Number of the attempt that follows: 2 for the first repetition. */
  readonly attempt: number;
  /** Milliseconds until then; 0 when it follows at once. */
  readonly delayMs: number;
}

/** Called before the wait for each repetition. What it throws ends the call. */
export type OnRetry = (notice: RetryNotice) => void;
