import type { CodedErrorOptions } from "@ksmkit/common";
import type { KeeperErrorCode } from "./codes.ts";
import { StorageError } from "./storage-error.ts";

/** The codes of a {@link KmsError}. */
export type KmsErrorCode = KeeperErrorCode & `ERR_KSM_KMS_${string}`;

/** What a {@link KmsError} knows besides its code. */
export interface KmsErrorOptions extends CodedErrorOptions {
  /** The service, for example `AWS KMS`. */
  provider: string;
  /** The key as the caller named it. */
  keyId: string;
}

/** The key service failed or refused: `ERR_KSM_KMS_*`. What is stored is left as it is. */
export class KmsError extends StorageError {
  override readonly name: string = "KmsError";
  declare readonly code: KmsErrorCode;
  /** The service, for example `AWS KMS`. */
  readonly provider: string;
  /** The key as the caller named it. */
  readonly keyId: string;

  constructor(code: KmsErrorCode, message: string, options: KmsErrorOptions) {
    super(code, message, { cause: options.cause, retryable: options.retryable ?? false });
    this.provider = options.provider;
    this.keyId = options.keyId;
  }
}
