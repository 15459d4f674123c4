/** What every provider checks alike before a P-256 key reaches the platform (SEC 1 v2, NIST SP 800-186). */
import { keyError } from "./key-checks.ts";

/** The order of the base point, most significant word first. */
const order = [0xffffffff, 0, 0xffffffff, 0xffffffff, 0xbce6faad, 0xa7179e84, 0xf3b9cac2, 0xfc632551];

/**
 * Checks that a private scalar is 32 bytes and between 1 and the curve order less one. Every word is looked
 * at, so that the time taken tells nothing of where they differ.
 *
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID`
 */
export function requireScalar(scalar: Uint8Array): void {
  if (scalar.length !== 32) throw keyError(`A P-256 private scalar must be 32 bytes, not ${scalar.length}.`);
  const words = new DataView(scalar.buffer, scalar.byteOffset, 32);
  let bits = 0;
  let borrow = 0;
  for (let i = 7; i >= 0; i--) {
    const word = words.getUint32(4 * i);
    bits |= word;
    borrow = Number(word - (order[i] ?? 0) < borrow);
  }
  if (bits === 0 || borrow === 0) {
    throw keyError(`The P-256 private scalar is ${bits === 0 ? "zero" : "not below the curve order"}.`);
  }
}

/**
 * Checks the form of a public point: 65 bytes, uncompressed (ksm-protocol section 6.3). Whether it lies on
 * the curve is the platform's to say.
 *
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID`
 */
export function requireUncompressedPoint(point: Uint8Array): void {
  if (point.length !== 65) throw keyError(`A P-256 public point must be 65 bytes, not ${point.length}.`);
  if (point[0] !== 4) throw keyError("The P-256 public point is not uncompressed: its first byte is not 4.");
}
