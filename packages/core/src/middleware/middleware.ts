/** The seam between client and service: one call before it is sealed, and its answer after it is opened. */
import type { JsonObject, WaitOptions } from "@ksmkit/common";
import type { Endpoint } from "../protocol/endpoints.ts";
import type { FreshnessSource } from "../records/freshness.ts";

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
  /** Limits of the whole call; `timeoutMs` is always set. */
  readonly wait: WaitOptions;
}

/** What came back. */
export interface ServiceResponse {
  /** The answer, `{}` for an empty one. What it holds is still sealed under the application key. */
  readonly json: JsonObject;
  readonly source: FreshnessSource;
  /** When the service gave the answer, in milliseconds since the epoch. */
  readonly fetchedAt: number;
}

/** Makes a call, or hands it on. Failures are coded errors. */
export type Next = (call: ServiceCall) => Promise<ServiceResponse>;

/**
 * Stands between a client and the service: it may answer by itself, wait, change what is asked, or only
 * watch. `next` is the service, or the function after this one in the list.
 *
 * - It ends when `call.wait` says so; `next` does.
 * - What `next` throws tells why: `TransportError`, `ThrottledError` after all repetitions, `AbortedError`.
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
  return list.reduceRight<Next>((next, ask) => (call) => ask(call, next), service);
}
