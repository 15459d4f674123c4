/** The key URIs of authenticator apps, `otpauth://totp/…`, and the base32 of their secrets (ksm-protocol section 16; RFC 4648 section 6). */
import type { HmacHash } from "../crypto/provider.ts";
import { GeneratorError } from "../errors/errors.ts";

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

/** What a one-time password is computed from. */
export interface OtpauthParameters {
  /** The shared secret, at least one byte. */
  readonly secret: Uint8Array<ArrayBuffer>;
  readonly algorithm: HmacHash;
  /** Length of a code: 6, 7 or 8. */
  readonly digits: number;
  /** How long a code lasts, in seconds: 1 to 99 999. */
  readonly period: number;
}

const hashes: ReadonlyMap<string, HmacHash> = /* @__PURE__ */ new Map([
  ["", "SHA-1"],
  ["SHA1", "SHA-1"],
  ["SHA256", "SHA-256"],
  ["SHA512", "SHA-512"],
]);

/** An `otpauth://totp/` URI whose numbers are still text. */
export interface OtpauthText extends Pick<OtpauthParameters, "secret" | "algorithm"> {
  /** As written, blanks around it removed; `""` when the parameter is missing. */
  readonly digits: string;
  /** As {@link OtpauthText.digits}. */
  readonly period: string;
}

/**
 * Parses an `otpauth://totp/` URI. Of a repeated parameter the first counts. Any way to write a positive integer is
 * read (`60`, `060`, `60.0`).
 *
 * `digits` and `period` are 6 and 30 when they are missing, empty, zero, negative, written with an exponent, a fraction
 * of the default (`30.5`) or, `period` only, over 99 999; `digits` also when letters are in it. Both vendor SDKs read
 * those so, and authenticator apps do. Anything else that cannot be read is an error, since a guess would be a wrong code.
 *
 * @throws {@link GeneratorError} `ERR_KSM_TOTP_INVALID`: another scheme or type, no usable secret, an unknown
 *   algorithm, a code length other than 6, 7 and 8, or a number that cannot be read. The message never quotes the URI.
 * @example
 * ```ts
 * parseOtpauth("otpauth://totp/ACME:jo?secret=JBSWY3DPEHPK3PXP").period; // 30
 * ```
 */
export function parseOtpauth(uri: string): OtpauthParameters {
  const text = readOtpauth(uri);
  const digits = /[a-z]/i.test(text.digits) ? 6 : numberOr(6, text.digits);
  if (digits === undefined || digits < 6 || digits > 8) return fail("its digits are none of 6, 7 and 8");
  const period = numberOr(30, text.period);
  if (period === undefined) return fail("its period is no number of seconds");
  return { secret: text.secret, algorithm: text.algorithm, digits, period: period > 99_999 ? 30 : period };
}

/**
 * Takes an `otpauth://totp/` URI apart; what its numbers mean is left to the caller.
 *
 * @throws {@link GeneratorError} `ERR_KSM_TOTP_INVALID`
 */
export function readOtpauth(uri: string): OtpauthText {
  const text = typeof uri === "string" ? uri.trim() : "";
  const [prefix = "", query = ""] = (text.split("#", 1)[0] ?? "").split(/\?(.*)/s);
  // Not the platform's URL: engines disagree on the host of schemes that they do not know.
  if (!/^otpauth:\/\/totp(\/|$)/i.test(prefix)) fail("otpauth://totp/ expected");
  const parameters = new URLSearchParams(query);
  const read = (name: string): string => parameters.get(name)?.trim() ?? "";

  const secret = decodeBase32(read("secret"));
  if (!secret || secret.length === 0) return fail("its secret is missing or not base32");
  const algorithm = hashes.get(read("algorithm").toUpperCase());
  if (!algorithm) return fail("its algorithm is none of SHA1, SHA256 and SHA512");
  return { secret, algorithm, digits: read("digits"), period: read("period") };
}

/** A positive integer, or the default where {@link parseOtpauth} says so; `undefined` for what cannot be read. */
function numberOr(fallback: number, text: string): number | undefined {
  if (text === "" || /^[+-]?\d+e[+-]?\d+$/i.test(text)) return fallback;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return undefined;
  const value = Number(text);
  if (value <= 0) return fallback;
  if (Number.isInteger(value)) return value;
  return Math.floor(value) === fallback ? fallback : undefined;
}

function fail(reason: string): never {
  throw new GeneratorError("ERR_KSM_TOTP_INVALID", `The one-time password URI is unusable: ${reason}.`);
}
