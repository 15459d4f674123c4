/**
 * The one interface between this package and the platform's cryptography. `#crypto` resolves to the
 * Node provider (synchronous batches over `node:crypto`) or the web provider (WebCrypto plus
 * `@noble/curves`); callers await every result and never learn which one runs.
 *
 * Layouts (ksm-protocol section 8.3):
 * - GCM blob `nonce(12) ‖ ciphertext ‖ tag(16)`, AES-256-GCM without additional data
 * - CBC blob `iv(16) ‖ ciphertext`, AES-256-CBC with PKCS#7 padding, unauthenticated
 */

/** A value, or a promise of it on platforms whose cryptography is asynchronous. */
export type Awaitable<T> = T | Promise<T>;

/** One sealed value and the key that should open it. */
export interface SealedItem {
  /** 32 bytes. */
  key: Uint8Array;
  /** GCM blob. */
  blob: Uint8Array;
}

/** A P-256 private key held by the provider in its own form. The scalar stays inside. */
export interface PrivateKey {
  /** Uncompressed public point, 65 bytes, first byte 4. */
  readonly publicPoint: Uint8Array<ArrayBuffer>;
}

/** A validated P-256 public key held by the provider in its own form. */
export interface PublicKey {
  /** Uncompressed point, 65 bytes, first byte 4. */
  readonly point: Uint8Array<ArrayBuffer>;
}

/** Hash functions used with {@link CryptoProvider.hmac}. */
export type HmacHash = "SHA-1" | "SHA-256" | "SHA-512";

/** What a platform must offer. Wrong key lengths throw `CryptoError` `ERR_KSM_CRYPTO_KEY_INVALID`. */
export interface CryptoProvider {
  /** Opens a GCM blob; `null` when it is too short or does not authenticate. */
  openGcm(key: Uint8Array, blob: Uint8Array): Awaitable<Uint8Array<ArrayBuffer> | null>;
  /** Opens many GCM blobs; each result stands at its item's place, `null` where one does not open. */
  openAll(items: readonly SealedItem[]): Awaitable<(Uint8Array<ArrayBuffer> | null)[]>;
  /** {@link openGcm} without waiting. Absent where the platform's AES is asynchronous. */
  readonly openGcmSync?: (key: Uint8Array, blob: Uint8Array) => Uint8Array<ArrayBuffer> | null;
  /** Seals to a GCM blob. The nonce is random unless passed in (12 bytes; for tests only). */
  sealGcm(key: Uint8Array, plaintext: Uint8Array, nonce?: Uint8Array): Awaitable<Uint8Array<ArrayBuffer>>;
  /** Opens a CBC blob; `null` on impossible length or padding. A wrong key may pass: check the content. */
  openCbc(key: Uint8Array, blob: Uint8Array): Awaitable<Uint8Array<ArrayBuffer> | null>;
  /** Seals to a CBC blob. The iv is random unless passed in (16 bytes; for tests only). */
  sealCbc(key: Uint8Array, plaintext: Uint8Array, iv?: Uint8Array): Awaitable<Uint8Array<ArrayBuffer>>;
  /** HMAC of a message (RFC 2104). */
  hmac(hash: HmacHash, key: Uint8Array, message: Uint8Array): Awaitable<Uint8Array<ArrayBuffer>>;
  /** HKDF-SHA-256 (RFC 5869). */
  hkdf(
    key: Uint8Array,
    salt: Uint8Array,
    info: Uint8Array,
    length: number,
  ): Awaitable<Uint8Array<ArrayBuffer>>;
  /** SHA-256. */
  sha256(data: Uint8Array): Awaitable<Uint8Array<ArrayBuffer>>;
  /** A fresh P-256 key pair. */
  generateKeyPair(): Awaitable<PrivateKey>;
  /** Private key from its 32-byte scalar; throws `CryptoError` for 0 or ≥ the curve order. */
  importScalar(scalar: Uint8Array): Awaitable<PrivateKey>;
  /** PKCS#8 DER, 138 bytes with the public point inside: the form that configurations hold. */
  exportPkcs8(key: PrivateKey): Awaitable<Uint8Array<ArrayBuffer>>;
  /** Public key from a 65-byte uncompressed point on the curve; anything else throws `CryptoError`. */
  importPoint(point: Uint8Array): Awaitable<PublicKey>;
  /** The 65-byte form of a compressed point (33 bytes, SEC 1 section 2.3.4). For the built-in table only. */
  expandPoint(compressed: Uint8Array): Uint8Array<ArrayBuffer>;
  /** ECDSA P-256 with SHA-256 over the joined parts, as DER `SEQUENCE{r, s}`. */
  sign(key: PrivateKey, ...parts: readonly Uint8Array[]): Awaitable<Uint8Array<ArrayBuffer>>;
  /** Verifies a strict DER signature; false for anything malformed. */
  verify(key: PublicKey, signature: Uint8Array, ...parts: readonly Uint8Array[]): Awaitable<boolean>;
  /** ECDH: the shared x coordinate, 32 bytes, leading zeros kept. */
  sharedSecret(key: PrivateKey, peer: PublicKey): Awaitable<Uint8Array<ArrayBuffer>>;
}
