/** Publishes every call on `node:diagnostics_channel`. */
import { tracingChannel } from "node:diagnostics_channel";
import type { Middleware, ServiceResponse, ServiceCall } from "../middleware/middleware.ts";
import type { FreshnessSource } from "../records/freshness.ts";

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

/**
 * Publishes calls on the tracing channel `ksmkit.call` (`tracing:ksmkit.call:start`, `…:asyncEnd`, `…:error`).
 * Events name endpoint, host, number of records and source; never a uid, key or value. Without a subscriber
 * it costs next to nothing.
 *
 * @example
 * ```ts
 * diagnostics_channel.tracingChannel("ksmkit.call").subscribe({ asyncEnd: (event) => count(event.endpoint) });
 * const manager = new SecretsManager({ storage, middleware: publishCalls() });
 * ```
 */
export function publishCalls(): Middleware {
  const channel = tracingChannel<unknown, CallEvent>("ksmkit.call");
  return async (call, next) => {
    if (!hasSubscribers(channel)) return next(call);
    const { requestedRecords } = call.payload;
    const event: CallEvent = {
      endpoint: call.endpoint,
      kind: call.kind,
      hostname: call.device.hostname,
      requestedRecords: Array.isArray(requestedRecords) ? requestedRecords.length : undefined,
      source: undefined,
    };
    let answer!: ServiceResponse;
    // Nothing is returned inside: the channel would publish it.
    await channel.tracePromise(async () => {
      answer = await next(call);
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
