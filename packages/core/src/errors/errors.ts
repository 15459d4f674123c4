/** The error classes, one per area. Every message says what failed, where and what to do; none quotes a secret. */
import { CodedError, printable, type CodedErrorOptions } from "@ksmkit/common";
import type { KeeperErrorCode } from "./codes.ts";

const longestLine = 4000;

/** Base of every error thrown by `@ksmkit/core`. Switch on {@link KeeperError.code}. */
export class KeeperError extends CodedError<KeeperErrorCode> {
  override readonly name: string = "KeeperError";

  /**
   * @param message a list becomes lines. Uids, labels and titles in it come from outside: nothing else breaks a line,
   *   and nothing reaches a terminal as a control sequence
   */
  constructor(code: KeeperErrorCode, message: string | readonly string[], options?: CodedErrorOptions) {
    const lines = typeof message === "string" ? [message] : message;
    super(code, lines.map((line) => printable(line, longestLine)).join("\n"), options);
  }
}

/** The caller's signal ended the call: `ERR_KSM_ABORTED`. */
export class AbortedError extends KeeperError {
  override readonly name = "AbortedError";

  constructor(message: string, options?: CodedErrorOptions) {
    super("ERR_KSM_ABORTED", message, options);
  }
}

/** An option or argument is unusable: `ERR_KSM_ARGUMENT_INVALID`. */
export class ArgumentError extends KeeperError {
  override readonly name = "ArgumentError";

  constructor(message: string, options?: CodedErrorOptions) {
    super("ERR_KSM_ARGUMENT_INVALID", message, options);
  }
}

/** The configuration is unusable: `ERR_KSM_CONFIG_*` and `ERR_KSM_BIND_FAILED`. */
export class ConfigError extends KeeperError {
  override readonly name = "ConfigError";
}

/** A key is malformed or a sealed value does not open: `ERR_KSM_CRYPTO_*`. */
export class CryptoError extends KeeperError {
  override readonly name = "CryptoError";
}

/** A one-time password URI or password rule is unusable: `ERR_KSM_TOTP_INVALID`, `ERR_KSM_PASSWORD_RULES_INVALID`. */
export class GeneratorError extends KeeperError {
  override readonly name = "GeneratorError";
}

/** The one-time token is unusable: `ERR_KSM_TOKEN_*`. The message never quotes the token. */
export class TokenError extends KeeperError {
  override readonly name = "TokenError";
}

/** A secret was used after it was dropped: `ERR_KSM_SECRET_DISPOSED`. */
export class SecretError extends KeeperError {
  override readonly name = "SecretError";

  constructor(message: string, options?: CodedErrorOptions) {
    super("ERR_KSM_SECRET_DISPOSED", message, options);
  }
}

/** The configuration storage failed: `ERR_KSM_STORAGE_*`. */
export class StorageError extends KeeperError {
  override readonly name: string = "StorageError";
}

/** The codes of a {@link SealedError}. */
export type SealedErrorCode = KeeperErrorCode & `ERR_KSM_SEALED_${string}`;

/** The stored bytes are no sealed configuration that opens: `ERR_KSM_SEALED_*`. They are left as they are. */
export class SealedError extends StorageError {
  override readonly name: string = "SealedError";
  declare readonly code: SealedErrorCode;

  constructor(code: SealedErrorCode, message: string, cause?: unknown) {
    super(code, message, { cause });
  }
}

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

/** What a {@link TransportError} knows about the exchange. Request data is never among it. */
export interface TransportErrorOptions extends CodedErrorOptions {
  /** HTTP status of the answer, when there was one. */
  status?: number | undefined;
  /** The service's own code (`access_denied`, `bad_request`, …), when it sent one. */
  resultCode?: string | undefined;
  /** The service's explanation, when it sent one. */
  additionalInfo?: string | undefined;
  /** Endpoint of the request, for example `get_secret`. */
  endpoint?: string | undefined;
}

/** The exchange with the service failed: `ERR_KSM_TRANSPORT_*`. */
export class TransportError extends KeeperError {
  override readonly name: string = "TransportError";
  /** HTTP status of the answer, when there was one. */
  readonly status: number | undefined;
  /** The service's own code (`access_denied`, `bad_request`, …), when it sent one. */
  readonly resultCode: string | undefined;
  /** The service's explanation, when it sent one. */
  readonly additionalInfo: string | undefined;
  /** Endpoint of the request, for example `get_secret`. */
  readonly endpoint: string | undefined;

  constructor(code: KeeperErrorCode, message: string, options: TransportErrorOptions = {}) {
    super(code, message, options);
    this.status = options.status;
    this.resultCode = options.resultCode;
    this.additionalInfo = options.additionalInfo;
    this.endpoint = options.endpoint;
  }
}

/** The service kept throttling: `ERR_KSM_THROTTLED`, always retryable. */
export class ThrottledError extends TransportError {
  override readonly name = "ThrottledError";
  /** Milliseconds that the next attempt should wait at least. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options: TransportErrorOptions = {}) {
    super("ERR_KSM_THROTTLED", message, { ...options, retryable: true });
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * A record, folder, field or file is missing, ambiguous, broken or read-only: `ERR_KSM_RECORD_*`,
 * `ERR_KSM_FOLDER_*`, `ERR_KSM_FIELD_*`, `ERR_KSM_FILE_*`, `ERR_KSM_READ_ONLY`.
 */
export class RecordError extends KeeperError {
  override readonly name = "RecordError";
  /** Uid of the record concerned, when it is known. */
  readonly recordUid: string | undefined;
  /** Uid of the folder concerned, when it is known. */
  readonly folderUid: string | undefined;
  /** Uid of the file concerned, when it is known. */
  readonly fileUid: string | undefined;

  constructor(
    code: KeeperErrorCode,
    message: string,
    options: CodedErrorOptions & {
      recordUid?: string | undefined;
      folderUid?: string | undefined;
      fileUid?: string | undefined;
    } = {},
  ) {
    super(code, message, options);
    this.recordUid = options.recordUid;
    this.folderUid = options.folderUid;
    this.fileUid = options.fileUid;
  }
}

/** Outcome for one record or folder that was to be deleted. */
export interface DeleteResult {
  readonly uid: string;
  /** True when it is gone. */
  readonly ok: boolean;
  /** The service's code: `ok`, `not_found`, `access_denied`, `not_empty`, …; "" when it sent none. */
  readonly responseCode: string;
  /** The service's explanation, or "". */
  readonly errorMessage: string;
}

/** Some items were not deleted: `ERR_KSM_DELETE_INCOMPLETE`. The others are gone. */
export class DeleteError extends KeeperError {
  override readonly name = "DeleteError";
  /** The outcome of every item. */
  readonly results: readonly DeleteResult[];

  constructor(message: string, results: readonly DeleteResult[]) {
    super("ERR_KSM_DELETE_INCOMPLETE", message);
    this.results = results;
  }
}

/** A notation is malformed or matches nothing: `ERR_KSM_NOTATION_*`. */
export class NotationError extends KeeperError {
  override readonly name = "NotationError";
  /** The notation as given. It names records and fields, never their values. */
  readonly notation: string;
  /** Zero-based position in the decoded notation, when the fault has one. */
  readonly position: number | undefined;
  /** The end of the message: what was probably meant, and what there is. */
  readonly hint: string | undefined;

  constructor(
    code: KeeperErrorCode,
    message: string,
    options: CodedErrorOptions & {
      notation: string;
      position?: number | undefined;
      hint?: string | undefined;
    },
  ) {
    super(code, options.hint === undefined ? message : `${message}; ${options.hint}`, options);
    this.hint = options.hint;
    this.notation = options.notation;
    this.position = options.position;
  }
}

/** Why one reference has no value. Names records, fields and files, never a value. */
export interface ReferenceProblem {
  /** The name that the caller gave the reference. */
  readonly name: string;
  readonly code: KeeperErrorCode;
  readonly message: string;
  /** True when the same reference may resolve later without any change. */
  readonly retryable: boolean;
}

const shown = 10;

/** Some references have no value: `ERR_KSM_RESOLVE_INCOMPLETE`. {@link ResolveError.problems} lists all of them. */
export class ResolveError extends KeeperError {
  override readonly name = "ResolveError";
  /** Every reference without a value, in the order of the request. */
  readonly problems: readonly ReferenceProblem[];

  constructor(problems: readonly ReferenceProblem[], total: number) {
    const lines = problems.slice(0, shown).map(({ name, message }) => `${name}: ${message}`);
    if (problems.length > shown) lines.push(`${problems.length - shown} more, see problems`);
    super(
      "ERR_KSM_RESOLVE_INCOMPLETE",
      [`${problems.length} of ${total} references have no value.`, ...lines],
      { retryable: problems.every(({ retryable }) => retryable) },
    );
    this.problems = problems;
  }
}

/** Why a variable is refused. */
export type EnvProblemReason =
  /** The name is not made of letters, digits and `_`, or starts with a digit. */
  | "name-invalid"
  /** The label leaves nothing to make a name of. */
  | "name-empty"
  /** The name changes how programs start or run, and was not allowed explicitly. */
  | "name-dangerous"
  /** A label made the name, without a prefix, and neither the name nor the label was allowed explicitly. */
  | "name-from-label"
  /** Several sources lead to the name. */
  | "collision"
  /** The value is not text, or has a NUL, which no environment can hold. */
  | "value-invalid"
  /** The format has no way to write the value. */
  | "format";

/** One refused variable. Holds names and places, never a value. */
export interface EnvProblem {
  /** Name of the variable; "" when there is none. */
  readonly name: string;
  readonly reason: EnvProblemReason;
  /** Where the value comes from: references, or fields of records. */
  readonly sources: readonly string[];
  /** The above as a sentence. */
  readonly message: string;
}

/** Some environment variables are refused: `ERR_KSM_ENV_REFUSED`. {@link EnvError.problems} lists all of them. */
export class EnvError extends KeeperError {
  override readonly name = "EnvError";
  readonly problems: readonly EnvProblem[];

  constructor(problems: readonly EnvProblem[]) {
    super(
      "ERR_KSM_ENV_REFUSED",
      problems.map(({ message }) => message),
    );
    this.problems = problems;
  }
}
