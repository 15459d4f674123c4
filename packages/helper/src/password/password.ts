/** Passwords as builders take them: text, or a request for a generated one (helper.md section 10.1). */
import type { PasswordComplexity } from "./complexity.ts";

/** A password, or `generate()` for a fresh one. */
export type Password = string | GeneratedPassword;

/** A request for a password that is generated when the record is built. */
export class GeneratedPassword {
  /** Rules for this password. Default: those of the record, else of the slot, else 64 characters of every kind. */
  readonly complexity: PasswordComplexity | undefined;

  constructor(complexity?: PasswordComplexity) {
    this.complexity = complexity;
  }
}

/**
 * Asks for a generated password, wherever a password may stand. It is generated once, when the record is built.
 *
 * @example
 * ```ts
 * record("login", { title: "Mail", fields: { login: "ann", password: generate({ length: 20, digits: 2 }) } });
 * ```
 */
export function generate(complexity?: PasswordComplexity): GeneratedPassword {
  return new GeneratedPassword(complexity);
}
