/** One-time passwords and passwords. */
import { CodedError } from "@ksmkit/common";
import { planPassword, readOtpauth, totpCode } from "@ksmkit/core/internal";
import { platform } from "./platform/connect.ts";

/** More than any authenticator shows; a URI may name a length that fills the memory. */
const maxDigits = 100_000;

/**
 * The code that an authenticator app would show for an `otpauth://totp/` address; `null` for any other.
 *
 * `digits` and `period` are read as the official package reads them: the digits that a number begins with, `1e1` is 1.
 * Where that makes no code or a wrong one (negative numbers), they are 6 and 30.
 *
 * @param unixTimeSeconds moment to compute it for. Default: now
 */
export const getTotpCode = async (
  url: string,
  unixTimeSeconds: number = 0,
): Promise<{ code: string; timeLeft: number; period: number } | null> => {
  try {
    const { secret, algorithm, ...text } = readOtpauth(url);
    const digits = readCount(text.digits, 6);
    const period = readCount(text.period, 30);
    const now = Math.floor(unixTimeSeconds || Date.now() / 1000);
    if (digits > maxDigits || !Number.isSafeInteger(now) || now < 0) return null;
    const { code, timeLeft } = await totpCode({ secret, algorithm, digits, period }, now);
    return { code, timeLeft, period };
  } catch (error) {
    if (CodedError.isInstance(error)) return null;
    throw error;
  }
};

function readCount(text: string, fallback: number): number {
  const count = text === "" || Number.isNaN(Number(text)) ? fallback : Number.parseInt(text);
  return count > 0 ? count : fallback;
}

/**
 * Generates a password. A positive count is a minimum, a negative one exactly that many, 0 none; without a count
 * (`null`) the kind may fill up the length. Draws through `getRandomCharacterInCharset` and `getRandomNumber` of the
 * platform, as the official package does, so that a replaced `getRandomBytes` has no part in it.
 *
 * @throws when the rules cannot be met
 */
export const generatePassword = async (
  minLength: number = 32,
  lowercase: number | null = null,
  uppercase: number | null = null,
  digits: number | null = null,
  specialCharacters: number | null = null,
  specialCharacterSet?: string,
): Promise<string> => {
  const plan = planPassword({
    length: minLength,
    lowercase,
    uppercase,
    digits,
    special: specialCharacters,
    specialSet: specialCharacterSet,
  });
  const password: string[] = [];
  for (const { chars, count } of plan) {
    const set = chars.join("");
    for (let i = 0; i < count; i++) {
      // The platform draws by 16-bit units, which would split a character beyond them.
      password.push(
        set.length === chars.length
          ? await platform.getRandomCharacterInCharset(set)
          : (chars[await platform.getRandomNumber(chars.length)] ?? ""),
      );
    }
  }
  for (let i = password.length - 1; i > 0; i--) {
    const j = await platform.getRandomNumber(i + 1);
    [password[i], password[j]] = [password[j] ?? "", password[i] ?? ""];
  }
  return password.join("");
};
