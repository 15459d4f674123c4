/** Authenticator URIs for `oneTimeCode` and `otp` fields (helper.md section 9). */
import { GeneratorError, parseOtpauth } from "@ksmkit/core/generators";
import { helperError } from "../errors/problems.ts";

/** Parameters of an authenticator URI. */
export interface TotpUriOptions {
  /** The shared secret: bytes, or base32 in any case, with or without blanks and padding. */
  readonly secret: string | Uint8Array;
  /** Who the code is for, for example `GitHub`. Default: none. */
  readonly issuer?: string | undefined;
  /** The account there, for example `ann@example.com`. Default: none. */
  readonly account?: string | undefined;
  /** Default: SHA1, as authenticators assume. */
  readonly algorithm?: "SHA1" | "SHA256" | "SHA512" | undefined;
  /** Length of a code. Default: 6. */
  readonly digits?: 6 | 7 | 8 | undefined;
  /** How long a code lasts, in seconds, 1 to 99999. Default: 30. */
  readonly period?: number | undefined;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * Makes the `otpauth://totp/` URI of a one-time code.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_INVALID_FORMAT`: the secret is empty or not base32, or a parameter is out of range.
 * @example
 * ```ts
 * totpUri({ secret: "JBSW Y3DP EHPK 3PXP", issuer: "Example", account: "ann" });
 * // otpauth://totp/Example:ann?secret=JBSWY3DPEHPK3PXP&issuer=Example
 * ```
 */
export function totpUri(options: TotpUriOptions): string {
  const { secret, issuer, account, algorithm, digits, period } = options;
  const text =
    typeof secret === "string" ? secret.replace(/[\s=-]+/g, "").toUpperCase() : encodeBase32(secret);
  const label = [issuer, account]
    .filter(Boolean)
    .map((part) => encodeURIComponent(String(part)))
    .join(":");
  const parameters = Object.entries({ secret: text, issuer, algorithm, digits, period })
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  const uri = `otpauth://totp/${label}?${parameters.join("&")}`;
  const fault = otpauthFault(uri);
  const ranges =
    (digits ?? 6) >= 6 && Number.isInteger(period ?? 30) && (period ?? 30) > 0 && (period ?? 30) < 100_000;
  if (fault === undefined && ranges) return uri;
  throw helperError(
    "ERR_HELPER_INVALID_FORMAT",
    `No authenticator URI can be made: ${fault ?? "digits or period are out of range"}`,
  );
}

/** Why no code can be computed from a URI; `undefined` when one can. Never quotes it. */
export function otpauthFault(uri: string): string | undefined {
  try {
    parseOtpauth(uri);
    return undefined;
  } catch (error) {
    if (error instanceof GeneratorError) return error.message;
    throw error;
  }
}

function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31] ?? "";
  }
  return bits > 0 ? text + (alphabet[(held << (5 - bits)) & 31] ?? "") : text;
}
