/** The one error class of the local vault, and the list of its codes. */
import { CodedError, type CodedErrorOptions } from "@ksmkit/common";

/** Codes of {@link VaultError}. */
export type VaultErrorCode =
  /** An option of `startVault` or a command-line flag has an impossible value. */
  | "ERR_VAULT_OPTION"
  /** The seed is not readable, not JSON or YAML, or not of the documented shape. */
  | "ERR_VAULT_SEED"
  /** The fault script is not readable or not of the documented shape. */
  | "ERR_VAULT_FAULTS"
  /** The state file is unreadable, foreign or damaged. It is left as it was. */
  | "ERR_VAULT_STATE_INVALID"
  /** The state file could not be written. */
  | "ERR_VAULT_STATE_WRITE"
  /** The vault could not listen on the address. */
  | "ERR_VAULT_LISTEN"
  /** The named record, folder, file, client or key id does not exist in the vault. */
  | "ERR_VAULT_NOT_FOUND"
  /** Stored ciphertext does not open with the owner's keys: a client wrapped or sealed it wrongly. */
  | "ERR_VAULT_UNREADABLE"
  /** The vault was used after it was closed. */
  | "ERR_VAULT_CLOSED"
  /** No vault, or more than one, is running for a command to work on. */
  | "ERR_VAULT_NOT_RUNNING"
  /** The folder in which running vaults are found cannot be written, or others can write it. */
  | "ERR_VAULT_RUNTIME_FOLDER"
  /** The console of a running vault refused a command. */
  | "ERR_VAULT_CONSOLE";

/**
 * An operation of the local vault failed: `ERR_VAULT_*`. Refusals sent to clients are responses, not errors.
 *
 * @example
 * ```ts
 * try { await startVault({ seedFile: "seed.yaml" }); }
 * catch (error) { if (error instanceof VaultError && error.code === "ERR_VAULT_SEED") fix(error.message); }
 * ```
 */
export class VaultError extends CodedError<VaultErrorCode> {
  override readonly name: string = "VaultError";

  constructor(code: VaultErrorCode, message: string, options: CodedErrorOptions = {}) {
    super(code, message, options);
  }
}
