/**
 * GCM blobs made and opened piece by piece. `#gcm-stream` resolves to Node's, or to `undefined` where the platform takes
 * wholes only. Apart from the provider, because programs that only read records never need it.
 */

/** Makes one GCM blob piece by piece. */
export interface GcmSealer {
  /** 12 random bytes: how the blob starts. */
  readonly nonce: Uint8Array<ArrayBuffer>;
  /** The next piece of the ciphertext, as long as the plaintext passed in. */
  update(plaintext: Uint8Array): Uint8Array<ArrayBuffer>;
  /** The tag, 16 bytes: how the blob ends. */
  end(): Uint8Array<ArrayBuffer>;
}

/** Opens one GCM blob piece by piece. */
export interface GcmOpener {
  /** The next piece of the plaintext. Nothing proves it before {@link GcmOpener.end}. */
  update(ciphertext: Uint8Array): Uint8Array<ArrayBuffer>;
  /** True when the tag proves all pieces. */
  end(tag: Uint8Array): boolean;
}

/** What a platform offers that can do it. Wrong key lengths throw `CryptoError` `ERR_KSM_CRYPTO_KEY_INVALID`. */
export interface GcmStream {
  /** Starts a blob under a random nonce. */
  createSealer(this: void, key: Uint8Array): GcmSealer;
  /** Starts opening a blob, whose nonce comes first. */
  createOpener(this: void, key: Uint8Array, nonce: Uint8Array): GcmOpener;
}
