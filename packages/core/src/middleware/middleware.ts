/** The seam between client and service: one call before it is sealed, and its answer after it is opened. */
import { Deadline, type JsonObject, type WaitOptions } from "@ksmkit/common";
import type { Endpoint } from "../protocol/wire.ts";
import type { FreshnessSource } from "../records/freshness.ts";
import { endedError } from "../transport/refusal.ts";
import type { OnRetry } from "../transport/retry-notice.ts";

/** Who calls. */
export interface CallingDevice {
  /** `host` or `host:port`. */
  readonly hostname: string;
  readonly clientId: string;
  /** The application key, 32 bytes, to derive other keys from; `undefined` while the device is being bound. */
  readonly appKey: Uint8Array | undefined;
}

/** One call to the service. */
export interface ServiceCall {
  readonly endpoint: Endpoint;
  /** `bind` spends or confirms a one-time token: it must reach the service, once. */
  readonly kind: "bind" | "read" | "write";
  /** The request object without `clientVersion` and `clientId`. */
  readonly payload: JsonObject;
  /** True when only the service's own answer will do, for example to read what was just saved. */
  readonly fresh: boolean;
  readonly device: CallingDevice;
  /**
   * What the caller passed as `context` to the read. Core ignores it; a middleware that knows the object treats the
   * call accordingly. A middleware that joins calls or answers by itself passes calls with a context on.
   */
  readonly context?: object | undefined;
  /** Limits of the whole call; `timeoutMs` is always set. */
  readonly wait: WaitOptions;
  /** Called before each repetition of the request. Who replaces it calls the former as well. */
  readonly onRetry?: OnRetry | undefined;
}

/** A response as it was received, for middleware that stores it and need not serialise it again. */
export interface ReceivedResponse {
  /** The object that was parsed from `bytes`. Another object in `ServiceResponse.json` makes `bytes` void. */
  readonly json: JsonObject;
  /** JSON text as UTF-8. Read-only. */
  readonly bytes: Uint8Array;
}

/** What came back. Read-only: a middleware that changes `json` returns a copy. */
export interface ServiceResponse {
  /** The answer, `{}` for an empty one. What it holds is still sealed under the application key. */
  readonly json: JsonObject;
  readonly source: FreshnessSource;
  /** When the service gave the answer, in milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** The received bytes behind `json`; absent when a middleware made the response. */
  readonly received?: ReceivedResponse | undefined;
}

/** Makes a call, or hands it on. Failures are coded errors. */
export type Next = (call: ServiceCall) => Promise<ServiceResponse>;

/**
 * Stands between a client and the service: it may answer by itself, wait, change what is asked, or only
 * watch. `next` is the service, or the function after this one in the list.
 *
 * - It ends when `call.wait` says so; `next` does. The client ends the call in any case: at once when the signal
 *   aborts, and a tenth (1 s at most) after the time limit, so that a stored response can still be returned.
 * - What `next` throws says why: `TransportError`, `ThrottledError` after all repetitions, `AbortedError`.
 *
 * @example
 * ```ts
 * const middleware: Middleware = async (call, next) => {
 *   const answer = await next(call);
 *   audit(call.endpoint, answer.source);
 *   return answer;
 * };
 * const manager = new SecretsManager({ storage, middleware });
 * ```
 */
export type Middleware = (call: ServiceCall, next: Next) => Promise<ServiceResponse>;

/** Puts functions before a service; the first is asked first. */
export function composeMiddleware(
  functions: Middleware | readonly Middleware[] | undefined,
  service: Next,
): Next {
  const list = typeof functions === "function" ? [functions] : (functions ?? []);
  return list.reduceRight<Next>((next, ask) => async (call) => ask(call, next), service);
}

/** How much longer than its time limit a call may take to return a stored response, in milliseconds. */
function graceMs(timeoutMs: number): number {
  return Math.min(1_000, Math.max(250, timeoutMs / 10));
}

/**
 * Ends every call when its limits say so, also when a function of the chain never settles.
 *
 * @throws {@link AbortedError} `ERR_KSM_ABORTED`, {@link TransportError} `ERR_KSM_TRANSPORT_TIMEOUT`, or what the chain
 *   throws
 */
export function enforceLimits(chain: Next): Next {
  return async (call) => {
    const { signal, timeoutMs = Infinity } = call.wait;
    const deadline = new Deadline({ signal, timeoutMs: timeoutMs + graceMs(timeoutMs) });
    try {
      // What a function of the chain begins after the end is aborted at once.
      return await deadline.race(chain({ ...call, wait: { signal: deadline.signal, timeoutMs } }));
    } catch (error) {
      const { end, signal: ended } = deadline;
      throw end === undefined ? error : endedError(call.endpoint, { end, signal: ended, timeoutMs });
    } finally {
      deadline.stop();
    }
  };
}
