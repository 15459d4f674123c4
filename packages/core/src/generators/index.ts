/**
 * One-time passwords, passwords and uids.
 *
 * @module
 */
export { GeneratorError } from "../errors/errors.ts";
export { parseOtpauth, type OtpauthParameters } from "./parse-otpauth.ts";
export { defaultSpecialSet, generatePassword, type PasswordRules } from "./password.ts";
export { totp, type TotpCode, type TotpOptions } from "./totp.ts";
export { generateUid, isUid, type RandomOptions } from "./uid.ts";
