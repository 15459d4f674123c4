/** The base of every error that ksmkit throws on purpose. */

const marker: unique symbol = Symbol.for("ksmkit.CodedError") as never;

/** What every {@link CodedError} is made from. */
export interface CodedErrorOptions {
  /** The failure underneath, kept for debuggers. Never holds secrets. */
  cause?: unknown;
  /** True when the same call may succeed later without any change. Default: false. */
  retryable?: boolean;
}

/**
 * An error with a stable, documented `code`.
 *
 * Switch on `code`, never on `message`. The message says what failed, where, and what to do; it never
 * contains a secret, a key, a token or a response body.
 *
 * @example
 * ```ts
 * try { await manager.getSecrets(); }
 * catch (error) { if (CodedError.isInstance(error) && error.retryable) later(); else throw error; }
 * ```
 */
export abstract class CodedError<Code extends string = string> extends Error {
  /** Stable identifier of the failure, for example `ERR_KSM_TOKEN_INVALID`. */
  readonly code: Code;
  /** True when the same call may succeed later without any change. */
  readonly retryable: boolean;

  constructor(code: Code, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    // Non-enumerable, so that logging the error does not print it; survives duplicate package copies.
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for any coded error, also one made by another copy of this package. */
  static isInstance(value: unknown): value is CodedError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
