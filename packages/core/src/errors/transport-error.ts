import type { CodedErrorOptions } from "@ksmkit/common";
import type { KeeperErrorCode } from "./codes.ts";
import { KeeperError } from "./keeper-error.ts";

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
