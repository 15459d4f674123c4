/** What a caller may decide about a sealed configuration, and what it is told. */
import type { Random } from "@ksmkit/common";

/** Something that deserves attention but stops nothing. */
export interface SealedWarning {
  /**
   * - `empty`: zero bytes are stored. Nothing is written over them before the first save.
   * - `plaintext`: the configuration lies in the clear and could not be sealed, or was not to be.
   * - `migrated`: it lay in the clear and was sealed in its place. Told each time, not once.
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
   * What to do with a configuration in the clear (JSON or base64), when it is opened: `migrate` seals it in its
   * place, `allow` uses it and seals it with the next save, `refuse` throws `ERR_KSM_SEALED_PLAINTEXT_REFUSED`. So
   * does `migrate` while a sealed generation lies beside it, and each of them where this storage has had a sealed
   * one and has not itself decrypted it: someone has put it there. Default: `migrate`.
   */
  plaintext?: "migrate" | "allow" | "refuse" | undefined;
  /**
   * Unwraps the first data key again that was wrapped, before anything is written or a one-time token is spent:
   * shows a missing right to decrypt while it can be mended. Default: true.
   */
  verify?: boolean | undefined;
  /**
   * The layout to write. `standard` is what the official JavaScript clients read, and the Python ones for Google,
   * Azure and Oracle. `direct` is the one of the official Python client for AWS: no data key, one call for each
   * save, symmetric keys only, 4096 bytes at most. Default: `standard`.
   */
  layout?: "standard" | "direct" | undefined;
  /**
   * Also reads the `direct` layout, which has no mark: bytes of no known shape are sent to the key service.
   * Default: true when `layout` is `direct`, else false.
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
  /** Told about each kind of warning once, and of each migration. Default: nobody. */
  onWarning?: ((warning: SealedWarning) => void) | undefined;
  /** Source of randomness. Default: the platform's. */
  random?: Random | undefined;
}
