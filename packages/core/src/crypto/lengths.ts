/** Checks of lengths that both providers make alike. */
import { ArgumentError } from "../errors/argument-error.ts";

/**
 * Checks the length of a nonce or initialisation vector and returns it.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function requireLength(bytes: Uint8Array, length: number, name: string): Uint8Array {
  if (bytes.length !== length) throw invalid(`The ${name} must be ${length} bytes, not ${bytes.length}.`);
  return bytes;
}

/**
 * Checks what HKDF-SHA-256 can produce (RFC 5869 section 2.3: at most 255 blocks) and Node's limit of 1024
 * bytes of context.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function requireHkdfSizes(info: Uint8Array, length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > 255 * 32) {
    throw invalid("HKDF-SHA-256 makes 1 to 8160 bytes.");
  }
  if (info.length > 1024) throw invalid("HKDF context bytes are limited to 1024.");
}

function invalid(message: string): ArgumentError {
  return new ArgumentError("ERR_KSM_ARGUMENT_INVALID", message);
}
