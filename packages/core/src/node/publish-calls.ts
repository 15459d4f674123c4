/** Publishes every call on `node:diagnostics_channel`. */
import type { tracingChannel } from "node:diagnostics_channel";
import type { Middleware, ServiceResponse, ServiceCall } from "../middleware/middleware.ts";
import type { FreshnessSource } from "../records/freshness.ts";
import type { RetryNotice } from "../transport/retry-notice.ts";

/** What subscribers of `tracing:ksmkit.call:*` receive; the channels add `error` or `result`. */
export interface CallEvent {
  readonly endpoint: ServiceCall["endpoint"];
  readonly kind: ServiceCall["kind"];
  readonly hostname: string;
  /** How many records were named; `undefined` when all were asked for. */
  readonly requestedRecords: number | undefined;
  /** Who answered; set before `asyncEnd`. */
  source: FreshnessSource | undefined;
}

/** What subscribers of `ksmkit.retry` receive before a request is repeated. */
export interface RetryEvent extends RetryNotice, Pick<CallEvent, "kind" | "hostname" | "requestedRecords"> {}

/**
 * Publishes calls on the tracing channel `ksmkit.call` (`tracing:ksmkit.call:start`, `…:asyncEnd`, `…:error`),
 * and each repetition with the wait before it on the channel `ksmkit.retry`. Events name endpoint, host, number of records and source; never a uid, key or
 * value. Without a subscriber it costs next to nothing.
 *
 * @example
 * ```ts
 * diagnostics_channel.tracingChannel("ksmkit.call").subscribe({ asyncEnd: (event) => count(event.endpoint) });
 * const manager = new SecretsManager({ storage, middleware: publishCalls() });
 * ```
 */
export function publishCalls(): Middleware {
  const diagnostics = process.getBuiltinModule("node:diagnostics_channel");
  const calls = diagnostics.tracingChannel<unknown, CallEvent>("ksmkit.call");
  const retries = diagnostics.channel("ksmkit.retry");
  return async (call, next) => {
    const { endpoint, kind, onRetry } = call;
    const { requestedRecords } = call.payload;
    const facts = {
      endpoint,
      kind,
      hostname: call.device.hostname,
      requestedRecords: Array.isArray(requestedRecords) ? requestedRecords.length : undefined,
    };
    const observed: ServiceCall = {
      ...call,
      onRetry: (notice) => {
        if (retries.hasSubscribers) retries.publish({ ...facts, ...notice } satisfies RetryEvent);
        onRetry?.(notice);
      },
    };
    if (!hasSubscribers(calls)) return next(observed);
    const event: CallEvent = { ...facts, source: undefined };
    let answer!: ServiceResponse;
    // Nothing is returned inside: the channel would publish it.
    await calls.tracePromise(async () => {
      answer = await next(observed);
      event.source = answer.source;
    }, event);
    return answer;
  };
}

/** Node 20 has no `hasSubscribers` on tracing channels, only on the channels they are made of. */
function hasSubscribers({
  start,
  end,
  asyncStart,
  asyncEnd,
  error,
}: ReturnType<typeof tracingChannel>): boolean {
  return [start, end, asyncStart, asyncEnd, error].some((channel) => channel.hasSubscribers);
}
