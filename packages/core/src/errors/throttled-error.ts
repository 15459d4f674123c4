import { TransportError, type TransportErrorOptions } from "./transport-error.ts";

/** The service kept throttling: `ERR_KSM_THROTTLED`, always retryable. */
export class ThrottledError extends TransportError {
  override readonly name = "ThrottledError";
  /** Milliseconds that the next attempt should wait at least. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options: TransportErrorOptions = {}) {
    super("ERR_KSM_THROTTLED", message, { ...options, retryable: true });
    this.retryAfterMs = retryAfterMs;
  }
}
