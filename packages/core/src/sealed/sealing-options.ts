/** Options of sealed storages, their check, and their warnings. */
import { anyOption, requireOptions } from "../errors/require-options.ts";
import { type Random, flagOption, type OptionCheck, type OptionChecks } from "@ksmkit/common";
import { ArgumentError } from "../errors/errors.ts";
import { checkExpect, type ExpectedIdentity } from "./identity.ts";
import type { KeyWrapper } from "./key-wrapper.ts";

/** A condition that needs attention but does not stop the operation. */
export interface SealedWarning {
  /**
   * - `empty`: zero bytes are stored. Nothing is written over them before the first save.
   * - `plaintext`: the configuration is in the clear and could not be sealed, or stays so by option.
   * - `migrated`: it was in the clear and has been sealed. Reported each time, not once.
   * - `unprotected`: it was under the constant key of the official Java client; regard it as disclosed.
   * - `trailing-data`: bytes follow the last part; the next save drops them.
   * - `permissions`: others may read the file.
   * - `in-place`: the file could not be replaced and was overwritten; a power cut in the middle may tear it.
   * - `backup`: the generation before could not be kept.
   */
  readonly kind:
    | "empty"
    | "plaintext"
    | "migrated"
    | "unprotected"
    | "trailing-data"
    | "permissions"
    | "in-place"
    | "backup";
  /** What is wrong, where, and what to do. */
  readonly message: string;
}

/** Options of every sealed storage. */
export interface SealingOptions {
  /**
   * What happens to a configuration in the clear (JSON or base64) when it is opened: `migrate` seals it in its
   * place, `allow` uses it and seals it with the next save, `refuse` throws `ERR_KSM_SEALED_PLAINTEXT_REFUSED`.
   * `migrate` also throws while a sealed generation is kept beside it, and all three throw where this storage has
   * had a sealed one that it has not decrypted itself. Default: `migrate`.
   */
  plaintext?: "migrate" | "allow" | "refuse" | undefined;
  /**
   * The client and host that the configuration must name; another one is refused with
   * `ERR_KSM_SEALED_OTHER_IDENTITY`. Needed with RSA keys: everyone who has the public key and may write the store
   * can seal a configuration. Default: any identity, as long as it does not change while this storage is in use.
   */
  expect?: ExpectedIdentity | undefined;
  /**
   * Whether the first data key is unwrapped again after wrapping, before anything is written or a one-time token is
   * spent, so that a missing permission to decrypt is an error in time. Default: true.
   */
  verify?: boolean | undefined;
  /**
   * The layout to write. `standard` is what the official JavaScript clients read, and the Python ones for Google,
   * Azure and Oracle. `direct` is the one of the official Python client for AWS: no data key, one call for each
   * save, symmetric keys only, 4096 bytes at most. Default: `standard`.
   */
  layout?: "standard" | "direct" | undefined;
  /**
   * Also reads the layouts in which the key service encrypted the whole configuration: `direct`, which has no mark,
   * so that bytes of no known shape are sent to the key service, and `java-direct`. Everyone who may encrypt with the key
   * can write either. Default: true when `layout` is `direct`, else false.
   */
  importDirect?: boolean | undefined;
  /**
   * Reads files that the official Java client wrote under a constant key, and seals them properly at once. They
   * must be regarded as disclosed. Default: false, which throws `ERR_KSM_SEALED_UNPROTECTED`.
   */
  allowUnprotected?: boolean | undefined;
  /**
   * Makes a new data key for every save, at the price of one call. Default: false, which uses one with fresh
   * nonces, 2^20 times at most.
   */
  freshDataKey?: boolean | undefined;
  /** Lets an unbound configuration from a read-only store be bound, for this process only. Default: false. */
  allowInMemory?: boolean | undefined;
  /** Limit of one call to the key service, with its retries, in milliseconds. Default: 10 000. */
  kmsTimeoutMs?: number | undefined;
  /** Limit of one call to the store, in milliseconds. Default: 30 000. */
  storeTimeoutMs?: number | undefined;
  /** Called once per kind of warning, and for each migration. Optional. */
  onWarning?: ((warning: SealedWarning) => void) | undefined;
  /** Source of randomness. Default: the platform's. */
  random?: Random | undefined;
}

/** The names of {@link SealingOptions}, and the kinds of those that {@link checkSealingOptions} does not check. */
export const sealingChecks: OptionChecks<SealingOptions> = {
  plaintext: anyOption,
  expect: anyOption,
  verify: flagOption,
  layout: anyOption,
  importDirect: flagOption,
  allowUnprotected: flagOption,
  freshDataKey: flagOption,
  allowInMemory: flagOption,
  kmsTimeoutMs: anyOption,
  storeTimeoutMs: anyOption,
  onWarning: anyOption,
  random: anyOption,
};

const storageChecks: Readonly<Record<string, OptionCheck>> = {
  store: {
    accepts: (value) => typeof (value as { read?: unknown } | null)?.read === "function",
    expected: "a byte store",
    isRequired: true,
  },
  wrapper: anyOption,
  ...sealingChecks,
};

const choices = {
  plaintext: ["migrate", "allow", "refuse"],
  layout: ["standard", "direct"],
} as const;

/**
 * Checks the options whose misspelt values would mean less protection, or an error far from its cause.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function checkSealingOptions(options: SealingOptions): void {
  requireOptions(options, storageChecks, "sealedStorage");
  for (const [name, allowed] of Object.entries(choices))
    checkChoice(name, options[name as keyof typeof choices], allowed);
  checkExpect(options.expect);
  for (const name of ["kmsTimeoutMs", "storeTimeoutMs"] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === "number" && value > 0))
      throw invalid(`Option ${name} must be a positive number of milliseconds.`);
  }
  for (const name of ["onWarning", "random"] as const)
    if (options[name] !== undefined && typeof options[name] !== "function")
      throw invalid(`Option ${name} must be a function.`);
}

/** Checks that an option, if given, is one of some words. @throws {@link ArgumentError} */
export function checkChoice(name: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || (typeof value === "string" && allowed.includes(value))) return;
  throw invalid(`Option ${name} must be one of ${allowed.join(", ")}.`);
}

/** Checks that a value has the two methods of a key wrapper. @throws {@link ArgumentError} */
export function checkWrapper(wrapper: KeyWrapper): void {
  if (typeof wrapper?.wrap === "function" && typeof wrapper.unwrap === "function") return;
  throw invalid("Option wrapper must be a key wrapper.");
}

function invalid(message: string): ArgumentError {
  return new ArgumentError(message);
}
