/**
 * Functions for the `middleware` option of a client: what may stand between it and the service.
 *
 * @module
 */
export { coalesceReads } from "./coalesce-reads.ts";
export { requestBudget, type RequestBudgetOptions } from "./request-budget.ts";
export { SingleFlight } from "../transport/single-flight.ts";
export { traceCalls, type CallSpan, type CallTracer, type TraceCallsOptions } from "./trace-calls.ts";
