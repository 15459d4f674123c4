/** The SDK's own error classes. Most of its failures are plain `Error`s, and so are ours: see `failure`. */

/** Base of the classes; what it is thrown for, the message says. */
export class KeeperError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "KeeperError";
  }
}

/** The service kept throttling until the repetitions were used up. */
export class KeeperThrottleError extends KeeperError {
  constructor(message: string) {
    super(message);
    this.name = "KeeperThrottleError";
  }
}

/**
 * A plain `Error`, as callers know it. The coded error behind it, where there is one, is its `cause`.
 *
 * @internal
 */
export function failure(message: string, cause?: unknown): Error {
  return cause === undefined ? new Error(message) : new Error(message, { cause });
}

/**
 * What Node's cryptography says to a key of another length than 32 bytes.
 *
 * @internal
 */
export function invalidKeyLength(): RangeError {
  return new RangeError("Invalid key length");
}
