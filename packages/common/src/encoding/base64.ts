/**
 * Base64 as the services speak it (RFC 4648): both alphabets and optional padding on reading, one
 * definite form on writing. Unlike `Buffer.from(text, "base64")`, anything else is refused.
 */
import { decodeBase64Alphabet, encodeBase64Alphabet } from "#base64";

/**
 * Decodes base64 or base64url text, padded or not.
 *
 * @returns the bytes, or `null` when the text holds any other character, has an impossible length or
 *   surplus padding. Whitespace is not accepted; see {@link stripWhitespace}.
 * @example
 * ```ts
 * decodeBase64("-_8"); // Uint8Array [ 251, 255 ]
 * decodeBase64("A");   // null
 * ```
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  let length = text.length;
  if (length > 0 && text.charCodeAt(length - 1) === 0x3d) {
    // Padding, when there is any, must complete the last group of four.
    if (length % 4 !== 0) return null;
    length -= text.charCodeAt(length - 2) === 0x3d ? 2 : 1;
  }
  if (length % 4 === 1) return null;
  return decodeBase64Alphabet(text, length);
}

/** Encodes bytes as standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return encodeBase64Alphabet(bytes, false);
}

/** Encodes bytes as URL-safe base64 without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64Alphabet(bytes, true);
}

/** Removes blanks, tabs and line breaks, as found in wrapped base64 text. */
export function stripWhitespace(text: string): string {
  return text.replace(/[ \t\r\n\f\v]+/g, "");
}
