/** The interface of a key service: it wraps a data key and unwraps it again. */

/** Context of one call of a {@link KeyWrapper}. */
export interface WrapContext {
  /** Aborts when the caller's time limit ends. Pass it on to whatever waits. */
  readonly signal: AbortSignal;
  /**
   * `data-key`: 32 random bytes, wrapped. `content`: a whole configuration, up to what the service takes, as
   * the `direct` and `java-direct` layouts hold it; symmetric keys only.
   */
  readonly purpose: "data-key" | "content";
}

/**
 * One key of a key service. Making one does no I/O; a client or SDK is loaded with the first call.
 *
 * Failures are `KmsError`s; anything else that is thrown is taken for a refusal by the service. No argument and
 * no result may end up in an error or log.
 */
export interface KeyWrapper {
  /** Name of the service for messages, for example `AWS KMS`. */
  readonly provider: string;
  /** The key as the caller named it, for messages. */
  readonly keyId: string;
  /** Encrypts under the key. The result is stored as it is and must not be empty. */
  wrap(plaintext: Uint8Array, context: WrapContext): Promise<Uint8Array>;
  /** Decrypts what {@link wrap} or an official client's call gave. */
  unwrap(wrapped: Uint8Array, context: WrapContext): Promise<Uint8Array>;
  /** Closes connections that this object opened itself. */
  close?(): Promise<void>;
}
