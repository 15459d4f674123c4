/** Errors of key services with one set of codes, whichever SDK they come from (kms-storage section 11.9). */
import { KmsError, type KmsErrorCode } from "../errors/errors.ts";

/** Where a failure happened. */
export interface KmsFailure {
  /** Name of the service. */
  provider: string;
  /** The key as the caller named it. */
  keyId: string;
  /** What was going on, for the message: `decrypting`, `Encrypt`. */
  operation: string;
  /** What to do about it, in place of the general advice. */
  help?: string | undefined;
  /** The SDK's error. */
  cause?: unknown;
}

interface Outcome {
  what: string;
  help: string;
  retryable?: true;
}

/** Message and advice of each code. */
const outcomes: Readonly<Record<KmsErrorCode, Outcome>> = {
  ERR_KSM_KMS_SDK_MISSING: { what: "cannot be used without its SDK", help: "Install the SDK." },
  ERR_KSM_KMS_CREDENTIALS: {
    what: "refuses the credentials, or there are none",
    help: "Configure the SDK's default credentials, or pass some.",
  },
  ERR_KSM_KMS_ACCESS_DENIED: {
    what: "denies access",
    help: "Grant the permissions that the README lists.",
  },
  ERR_KSM_KMS_KEY_NOT_FOUND: { what: "does not know the key", help: "Check its name, region and account." },
  ERR_KSM_KMS_KEY_DISABLED: {
    what: "reports that the key is disabled",
    help: "Enable it, or name another version.",
  },
  ERR_KSM_KMS_KEY_UNSUPPORTED: {
    what: "cannot wrap data keys with this key",
    help: "Use a key for encryption and decryption.",
  },
  ERR_KSM_KMS_UNWRAP_FAILED: {
    what: "does not decrypt what is stored",
    help: "It was sealed under another key or context, or is damaged.",
  },
  ERR_KSM_KMS_THROTTLED: { what: "is throttling", help: "Try again later.", retryable: true },
  ERR_KSM_KMS_UNAVAILABLE: {
    what: "cannot be reached or is failing",
    help: "Check the network, or try again later.",
    retryable: true,
  },
  ERR_KSM_KMS_TIMEOUT: {
    what: "did not answer in time",
    help: "Check the network, or try again later.",
    retryable: true,
  },
  ERR_KSM_KMS_BAD_RESPONSE: {
    what: "returned a response that is incomplete or contradicts itself",
    help: "Nothing was changed; try again.",
    retryable: true,
  },
  ERR_KSM_KMS_REFUSED: { what: "refused", help: "See the cause." },
};

/**
 * Makes the error of a failed call: what failed, with which key, what helps.
 *
 * @example
 * ```ts
 * throw kmsFailure("ERR_KSM_KMS_THROTTLED", { provider: "My KMS", keyId, operation: "decrypting", cause });
 * ```
 */
export function kmsFailure(code: KmsErrorCode, failure: KmsFailure): KmsError {
  const { provider, keyId, operation, cause } = failure;
  const { what, help, retryable = false } = outcomes[code];
  const message = `${provider} ${what} (${operation}, key ${keyId}). ${failure.help ?? help}`;
  return new KmsError(code, message, { provider, keyId, cause, retryable });
}

const timeoutName = /^(?:TimeoutError|AbortError)$/;
const timeoutCode = /^(?:ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_\w+_TIMEOUT)$/;
const networkCode =
  /^(?:ECONN|ENOTFOUND$|EAI_|EHOST|ENET|EPIPE$|EPROTO$|UND_ERR_|ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/;

/**
 * Sorts what kept a request from being answered: time limits, names that do not resolve, refused and lost
 * connections, TLS. `undefined` for everything else.
 */
export function connectionFailure(
  error: unknown,
): "ERR_KSM_KMS_TIMEOUT" | "ERR_KSM_KMS_UNAVAILABLE" | undefined {
  let current = error;
  // SDKs and fetch hide the socket's error a few causes deep; a longer chain adds nothing.
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    const code = "code" in current && typeof current.code === "string" ? current.code : "";
    // The code first: some SDKs call every failure of a connection a TimeoutError.
    if (timeoutCode.test(code)) return "ERR_KSM_KMS_TIMEOUT";
    if (networkCode.test(code)) return "ERR_KSM_KMS_UNAVAILABLE";
    if (timeoutName.test(current.name)) return "ERR_KSM_KMS_TIMEOUT";
    current = current.cause;
  }
  return undefined;
}
