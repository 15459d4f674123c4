/** The one error of HTTP exchanges, and the table that sorts every platform's failures into it. */
import { CodedError, type CodedErrorOptions } from "../errors/coded-error.ts";

/**
 * What went wrong:
 * - `network` name lookup, connection refused, reset or cut off; `proxy` the proxy did not open the way
 * - `tls` handshake or certificate; `timeout` the deadline ran out; `aborted` the caller cancelled
 * - `too_large` the answer exceeds its limit; `bad_response` the answer is not HTTP, or in a coding not asked for
 * - `options` the request or an option cannot be used as given
 */
export type HttpErrorKind =
  | "network"
  | "proxy"
  | "tls"
  | "timeout"
  | "aborted"
  | "too_large"
  | "bad_response"
  | "options";

/** Code of an {@link HttpError}: its kind in capitals. */
export type HttpErrorCode = `ERR_HTTP_${Uppercase<HttpErrorKind>}`;

/**
 * An exchange failed. The message names the host, what was going on and the platform's error code; never
 * a path, a header, a credential or content.
 */
export class HttpError extends CodedError<HttpErrorCode> {
  override readonly name = "HttpError";
  /** What went wrong. */
  readonly kind: HttpErrorKind;
  /**
   * True when a kept-alive connection turned out to be closed before any part of an answer came. The
   * request probably reached no one; a safe request may be sent once more.
   */
  readonly reusedSocket: boolean;

  constructor(
    kind: HttpErrorKind,
    message: string,
    options: CodedErrorOptions & { reusedSocket?: boolean } = {},
  ) {
    super(codeOf(kind), message, { retryable: kind === "network" || kind === "timeout", ...options });
    this.kind = kind;
    this.reusedSocket = options.reusedSocket ?? false;
  }

  /** True for any HTTP error, also one made by another copy of this package. */
  static override isInstance(value: unknown): value is HttpError {
    return super.isInstance(value) && value.code.startsWith("ERR_HTTP_");
  }
}

function codeOf(kind: HttpErrorKind): HttpErrorCode {
  return `ERR_HTTP_${kind.toUpperCase()}` as HttpErrorCode;
}

// Codes of Node (OpenSSL verification results, ERR_TLS_*), undici (UND_ERR_*), llhttp (HPE_*), zlib (Z_*) and libuv.
const tlsCode =
  /^(ERR_(TLS|SSL|OSSL)_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CRL_|ERROR_IN_C|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH|EPROTO$)/;
/** The certificate is sound, but no trusted authority signed it. */
const untrustedCode = /^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_UNTRUSTED)/;
const timeoutCode = /^UND_ERR_\w+_TIMEOUT$/;
const badResponseCode = /^(HPE_|Z_|UND_ERR_(HEADERS_OVERFLOW|RES_|RESPONSE))/;
const connectCode = /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET|UND_ERR_CONNECT|ConnectionRefused)/;

/**
 * Turns whatever a fetch threw into an {@link HttpError}; one that already is passes unchanged.
 *
 * @param host - host for the message, see {@link hostOf}
 * @param phase - what was going on, for the message: `waiting for the answer`
 */
export function toHttpError(error: unknown, host: string, phase: string, reusedSocket = false): HttpError {
  if (HttpError.isInstance(error)) return error;
  const { code, text, cause } = describe(error);
  let kind: HttpErrorKind = "network";
  if (tlsCode.test(code) || /certificate/i.test(text)) kind = "tls";
  else if (timeoutCode.test(code)) kind = "timeout";
  else if (badResponseCode.test(code)) kind = "bad_response";
  const doing = kind === "tls" ? "securing the connection" : connectCode.test(code) ? "connecting" : phase;
  const suffix = code === "" ? "" : ` (${code})`;
  const advice = untrustedCode.test(code) ? "; to trust an authority of your own, set option `ca`" : "";
  return new HttpError(kind, `${host}: ${doing} failed${suffix}${advice}`, { cause, reusedSocket });
}

/** Host and port of a URL, for messages: never its path, query or credentials. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the server";
}

/** The first error code along the causes, all messages for sorting, and what is fit to be kept as cause. */
function describe(error: unknown): { code: string; text: string; cause: unknown } {
  let code = "";
  let text = "";
  let cause: unknown = error;
  let current = error;
  // Fetch hides the socket's error up to three causes deep; a longer chain adds nothing.
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if (code === "" && "code" in current && typeof current.code === "string") code = current.code;
    text += current.message;
    // Node's parser errors carry the received bytes.
    if ("rawPacket" in current) cause = undefined;
    current = current.cause;
  }
  return { code: code.slice(0, 64), text, cause };
}
