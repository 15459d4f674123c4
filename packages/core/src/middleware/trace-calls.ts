/** One span per call for OpenTelemetry, without depending on it. */
import { CodedError, required } from "@ksmkit/common";
import { objectOption, requireOptions } from "../errors/require-options.ts";
import type { Middleware } from "./middleware.ts";

/** What is used of an OpenTelemetry `Span`. */
export interface CallSpan {
  setAttribute(name: string, value: string | number): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

/** What is used of an OpenTelemetry `Tracer`. */
export interface CallTracer {
  startSpan(name: string, options: { kind: number; attributes: Record<string, string | number> }): CallSpan;
}

/** Options of {@link traceCalls}. */
export interface TraceCallsOptions {
  /** For example `trace.getTracer("ksmkit")` of `@opentelemetry/api`. */
  tracer: CallTracer;
}

// SpanKind.CLIENT and SpanStatusCode.ERROR of @opentelemetry/api.
const clientKind = 2;
const errorStatus = 2;

/**
 * Opens a client span for each call: name `ksm get_secret`; attributes `server.address`, `ksm.endpoint`,
 * `ksm.kind`, `ksm.records.requested`, `ksm.source` and, after a failure, `error.type` with the error's code.
 * No uid, title, key or value is among them. Put it first in the list to see cache hits too, last to see what
 * reaches the service.
 *
 * @example
 * ```ts
 * const manager = new SecretsManager({ storage, middleware: traceCalls({ tracer: trace.getTracer("app") }) });
 * ```
 */
export function traceCalls(options: TraceCallsOptions): Middleware {
  requireOptions(options, { tracer: required(objectOption) }, "traceCalls");
  const { tracer } = options;
  return async (call, next) => {
    const { requestedRecords } = call.payload;
    const span = tracer.startSpan(`ksm ${call.endpoint}`, {
      kind: clientKind,
      attributes: {
        "server.address": call.device.hostname,
        "ksm.endpoint": call.endpoint,
        "ksm.kind": call.kind,
        ...(Array.isArray(requestedRecords) && { "ksm.records.requested": requestedRecords.length }),
      },
    });
    try {
      const answer = await next(call);
      span.setAttribute("ksm.source", answer.source);
      return answer;
    } catch (error) {
      const type = CodedError.isInstance(error) ? error.code : "_OTHER";
      span.setAttribute("error.type", type);
      span.setStatus({ code: errorStatus, message: type });
      throw error;
    } finally {
      span.end();
    }
  };
}
