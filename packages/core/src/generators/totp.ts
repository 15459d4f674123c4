/** Time-based one-time passwords (RFC 6238 over RFC 4226; ksm-protocol section 16). */
import { functionOption, type Clock, type OptionChecks } from "@ksmkit/common";
import { provider } from "#crypto";
import { ArgumentError } from "../errors/errors.ts";
import { anyOption, requireOptions } from "../errors/require-options.ts";
import { parseOtpauth, type OtpauthParameters } from "./parse-otpauth.ts";

/** A one-time password and how long it lasts. */
export interface TotpCode {
  /** The code, 6 to 8 digits, leading zeros kept. */
  readonly code: string;
  /** Seconds until the next code, 1 to `period`. */
  readonly timeLeft: number;
  /** Seconds that each code lasts. */
  readonly period: number;
}

/** Options of {@link totp}. */
export interface TotpOptions {
  /** Moment to compute the code for, in seconds since the epoch. Default: what the clock says. */
  atSeconds?: number | undefined;
  /** Source of the current time in milliseconds. Default: `Date.now`. */
  clock?: Clock | undefined;
}

const checks: OptionChecks<TotpOptions> = { atSeconds: anyOption, clock: functionOption };

/**
 * Computes the one-time password that an authenticator app would show for an `otpauth://totp/` URI, as found in
 * `oneTimeCode` fields.
 *
 * @throws {@link GeneratorError} `ERR_KSM_TOTP_INVALID` as {@link parseOtpauth}; {@link ArgumentError}
 *   `ERR_KSM_ARGUMENT_INVALID` for an unknown option, or a time that is negative or no number.
 * @example
 * ```ts
 * await totp("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP", { atSeconds: 1_700_000_000 });
 * // { code: "324550", timeLeft: 10, period: 30 }
 * ```
 */
export async function totp(uri: string, options: TotpOptions = {}): Promise<TotpCode> {
  requireOptions(options, checks, "totp");
  const parameters = parseOtpauth(uri);
  const now = Math.floor(options.atSeconds ?? (options.clock ?? Date.now)() / 1000);
  if (!Number.isSafeInteger(now) || now < 0) {
    throw new ArgumentError("atSeconds must be a time since the epoch, in seconds.");
  }
  return totpCode(parameters, now);
}

/** The code of parameters at a whole second since the epoch. */
export async function totpCode(
  { secret, algorithm, digits, period }: OtpauthParameters,
  now: number,
): Promise<TotpCode> {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(now / period)));
  const mac = await provider.hmac(algorithm, secret, new Uint8Array(counter.buffer));
  // RFC 4226 section 5.3: the last four bits say which 31 bits make the number.
  const view = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
  const number = view.getUint32(view.getUint8(mac.length - 1) & 0xf) & 0x7fffffff;
  const code = String(number % 10 ** digits).padStart(digits, "0");
  return { code, timeLeft: period - (now % period), period };
}
