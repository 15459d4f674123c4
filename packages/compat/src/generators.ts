/** One-time passwords and passwords. */
import { generatePassword as generate, totp } from "@ksmkit/core/generators";
import { CodedError } from "@ksmkit/common";
import { platform } from "./platform/connect.ts";

/**
 * The code that an authenticator app would show for an `otpauth://totp/` address; `null` for any other.
 *
 * @param unixTimeSeconds moment to compute it for. Default: now
 */
export const getTotpCode = async (
  url: string,
  unixTimeSeconds: number = 0,
): Promise<{ code: string; timeLeft: number; period: number } | null> => {
  try {
    const { code, timeLeft, period } = await totp(url, { atSeconds: unixTimeSeconds || undefined });
    return { code, timeLeft, period };
  } catch (error) {
    if (CodedError.isInstance(error)) return null;
    throw error;
  }
};

/**
 * Generates a password. A positive count is a minimum, a negative one exactly that many, 0 none; without a count
 * (`null`) the kind may fill up the length.
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
): Promise<string> =>
  generate(
    {
      length: minLength,
      lowercase,
      uppercase,
      digits,
      special: specialCharacters,
      specialSet: specialCharacterSet,
    },
    { random: (length) => new Uint8Array(platform.getRandomBytes(length)) },
  );
