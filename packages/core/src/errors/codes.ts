/**
 * Every code that this package throws, one line each: when it happens. This is the only list; a test
 * holds it against the sources and the README table.
 */
export type KeeperErrorCode =
  /** An option or argument has the wrong type, range or combination. */
  | "ERR_KSM_ARGUMENT_INVALID"
  /** The caller's signal aborted the call. */
  | "ERR_KSM_ABORTED"
  /** The configuration text is neither a JSON object nor base64 of one, or a value has the wrong shape. */
  | "ERR_KSM_CONFIG_INVALID"
  /** A key that the call needs is not in the configuration. */
  | "ERR_KSM_CONFIG_KEY_MISSING"
  /** The storage already holds the bound configuration of a client made from another token. */
  | "ERR_KSM_CONFIG_OTHER_CLIENT"
  /** The one-time token is malformed. */
  | "ERR_KSM_TOKEN_INVALID"
  /** A bare token was given without a host. */
  | "ERR_KSM_TOKEN_HOST_MISSING"
  /** Binding failed for good; a new one-time token is needed. */
  | "ERR_KSM_BIND_FAILED"
  /** A private, public or symmetric key is malformed. */
  | "ERR_KSM_CRYPTO_KEY_INVALID"
  /** A sealed value does not open under its key. */
  | "ERR_KSM_CRYPTO_OPEN_FAILED"
  /** The service could not be reached: DNS, refused, reset, proxy. */
  | "ERR_KSM_TRANSPORT_NETWORK"
  /** The TLS handshake or certificate check failed. */
  | "ERR_KSM_TRANSPORT_TLS"
  /** The time limit ran out before the whole answer was there. */
  | "ERR_KSM_TRANSPORT_TIMEOUT"
  /** The answer is larger than the limit. */
  | "ERR_KSM_TRANSPORT_TOO_LARGE"
  /** The answer is not what the protocol allows: too short, does not open, not a JSON object. */
  | "ERR_KSM_TRANSPORT_BAD_RESPONSE"
  /** The service refused the request; see `resultCode`. */
  | "ERR_KSM_TRANSPORT_REFUSED"
  /** The service denied access: unknown client, bad signature, used token, nothing shared. */
  | "ERR_KSM_TRANSPORT_ACCESS_DENIED"
  /** The service does not know the client version that was sent. */
  | "ERR_KSM_TRANSPORT_CLIENT_VERSION"
  /** The record changed on the service since it was read. */
  | "ERR_KSM_TRANSPORT_OUT_OF_SYNC"
  /** The service asked for a server key that is unknown, custom, or was just refused. */
  | "ERR_KSM_TRANSPORT_SERVER_KEY"
  /** The service kept throttling until the attempts or the time limit ran out. */
  | "ERR_KSM_THROTTLED"
  /** A record, folder or file could not be opened. */
  | "ERR_KSM_RECORD_BROKEN"
  /** No record has the uid or title. */
  | "ERR_KSM_RECORD_NOT_FOUND"
  /** No folder has the uid. */
  | "ERR_KSM_FOLDER_NOT_FOUND"
  /** The record or folder is shared without write access, or the record is a cache's; nothing was sent. */
  | "ERR_KSM_READ_ONLY"
  /** Some of the records or folders were not deleted; see `results`. */
  | "ERR_KSM_DELETE_INCOMPLETE"
  /** Several records have the title. */
  | "ERR_KSM_RECORD_AMBIGUOUS"
  /** The record object was changed while it was being saved; the save stands without these changes. */
  | "ERR_KSM_RECORD_CHANGED"
  /** The record has no such field. */
  | "ERR_KSM_FIELD_NOT_FOUND"
  /** The field, or whatever else was asked for, has no value. */
  | "ERR_KSM_FIELD_EMPTY"
  /** The lazily read record has not been opened yet; call `open()` first. */
  | "ERR_KSM_RECORD_NOT_OPEN"
  /** The file's content could not be fetched or opened. */
  | "ERR_KSM_FILE_UNAVAILABLE"
  /** The file was asked for as text, but its content is not UTF-8. */
  | "ERR_KSM_FILE_NOT_TEXT"
  /** The file is attached to its record, but its content did not get to its place; see `fileUid`. */
  | "ERR_KSM_FILE_UPLOAD_FAILED"
  /** The local file to upload cannot be read. */
  | "ERR_KSM_FILE_UNREADABLE"
  /** The downloaded content cannot be written to disk, or the target exists. */
  | "ERR_KSM_FILE_UNWRITABLE"
  /** The notation text does not follow the grammar. */
  | "ERR_KSM_NOTATION_INVALID"
  /** No record matches the notation. */
  | "ERR_KSM_NOTATION_RECORD_NOT_FOUND"
  /** Several records match the notation. */
  | "ERR_KSM_NOTATION_RECORD_AMBIGUOUS"
  /** No field matches the notation. */
  | "ERR_KSM_NOTATION_FIELD_NOT_FOUND"
  /** Several fields match the notation. */
  | "ERR_KSM_NOTATION_FIELD_AMBIGUOUS"
  /** No file matches the notation. */
  | "ERR_KSM_NOTATION_FILE_NOT_FOUND"
  /** Several files match the notation. */
  | "ERR_KSM_NOTATION_FILE_AMBIGUOUS"
  /** The notation's index or property is not in the value. */
  | "ERR_KSM_NOTATION_OUT_OF_BOUNDS"
  /** Some of the references have no value; see `problems`. */
  | "ERR_KSM_RESOLVE_INCOMPLETE"
  /** Some environment variables have an unusable name or value, or share one; see `problems`. */
  | "ERR_KSM_ENV_REFUSED"
  /** The secret was used after it was disposed. */
  | "ERR_KSM_SECRET_DISPOSED"
  /** The one-time password URI is unusable. */
  | "ERR_KSM_TOTP_INVALID"
  /** The password rules cannot be met. */
  | "ERR_KSM_PASSWORD_RULES_INVALID"
  /** The storage exists but cannot be read. */
  | "ERR_KSM_STORAGE_UNREADABLE"
  /** The storage cannot be written. */
  | "ERR_KSM_STORAGE_UNWRITABLE"
  /** The storage was changed by someone else since it was read. */
  | "ERR_KSM_STORAGE_CONFLICT"
  /** Others may read the configuration file, and this is refused or cannot be repaired. */
  | "ERR_KSM_STORAGE_PERMISSIONS"
  /** The bytes are neither a configuration nor a known sealed layout. */
  | "ERR_KSM_SEALED_NOT_A_CONFIG"
  /** The content is valid JSON, but not an object. */
  | "ERR_KSM_SEALED_NOT_JSON_OBJECT"
  /** A length in the sealed configuration runs past its end. */
  | "ERR_KSM_SEALED_TRUNCATED"
  /** The wrapped data key is empty. */
  | "ERR_KSM_SEALED_BAD_WRAPPED_KEY_LENGTH"
  /** The nonce is neither 12 nor 16 bytes long. */
  | "ERR_KSM_SEALED_BAD_NONCE_LENGTH"
  /** The tag is not 16 bytes long. */
  | "ERR_KSM_SEALED_BAD_TAG_LENGTH"
  /** The unwrapped data key is not 32 bytes long. */
  | "ERR_KSM_SEALED_BAD_DATA_KEY_LENGTH"
  /** The content does not authenticate under its data key: damaged or put together from two files. */
  | "ERR_KSM_SEALED_AUTH_FAILED"
  /** The opened content is not JSON in UTF-8. */
  | "ERR_KSM_SEALED_BAD_CONTENT"
  /** The official Java client wrote it under a constant key: anyone can read it. */
  | "ERR_KSM_SEALED_UNPROTECTED"
  /** The configuration is not sealed and option `plaintext` is `refuse`. */
  | "ERR_KSM_SEALED_PLAINTEXT_REFUSED"
  /** The configuration names another client or host than expected, or than before. */
  | "ERR_KSM_SEALED_OTHER_IDENTITY"
  /** The configuration is larger than the layout can hold. */
  | "ERR_KSM_SEALED_TOO_LARGE"
  /** The cloud SDK is not installed. */
  | "ERR_KSM_KMS_SDK_MISSING"
  /** There are no usable credentials or no region. */
  | "ERR_KSM_KMS_CREDENTIALS"
  /** The key service denies the operation. */
  | "ERR_KSM_KMS_ACCESS_DENIED"
  /** The key service does not know the key. */
  | "ERR_KSM_KMS_KEY_NOT_FOUND"
  /** The key is disabled, pending deletion or otherwise not in use. */
  | "ERR_KSM_KMS_KEY_DISABLED"
  /** The key's kind or usage cannot wrap data keys. */
  | "ERR_KSM_KMS_KEY_UNSUPPORTED"
  /** The key service does not open the wrapped key: another key, another context, or damaged bytes. */
  | "ERR_KSM_KMS_UNWRAP_FAILED"
  /** The key service is throttling. */
  | "ERR_KSM_KMS_THROTTLED"
  /** The key service cannot be reached or is failing. */
  | "ERR_KSM_KMS_UNAVAILABLE"
  /** The key service did not answer within the time limit. */
  | "ERR_KSM_KMS_TIMEOUT"
  /** The key service's answer is incomplete or contradicts itself. */
  | "ERR_KSM_KMS_BAD_RESPONSE"
  /** The key service refused for another reason; see `cause`. */
  | "ERR_KSM_KMS_REFUSED";
