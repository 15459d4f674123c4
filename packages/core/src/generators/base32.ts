/** Base32 as authenticator secrets are written (RFC 4648 section 6, with the leniency of ksm-protocol section 16). */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * Decodes base32 text. Case, blanks, dashes and padding are ignored, and so are bits left over at the end.
 *
 * @returns the bytes, or `null` when the text holds any other character or has an impossible length.
 * @example
 * ```ts
 * decodeBase32("mzxw 6ytb"); // Uint8Array [ 102, 111, 111, 98, 97 ]
 * decodeBase32("A");         // null
 * ```
 */
export function decodeBase32(text: string): Uint8Array<ArrayBuffer> | null {
  const digits = text.replace(/[\s=-]+/g, "");
  // Five bits a digit: of each eight digits 2, 4, 5 and 7 complete another byte, the others do not.
  if (!/^[A-Za-z2-7]*$/.test(digits) || [1, 3, 6].includes(digits.length % 8)) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits.toUpperCase()) {
    bits = ((bits << 5) | alphabet.indexOf(digit)) & 0xfff;
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = bits >> held;
    }
  }
  return bytes;
}
