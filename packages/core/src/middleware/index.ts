/**
 * Functions for the `call` option of a client: what may stand between it and the service.
 *
 * @module
 */
export { coalesceReads } from "./coalesce-reads.ts";
export { requestBudget, type RequestBudgetOptions } from "./request-budget.ts";
export { SharedWork } from "../transport/single-flight.ts";
export { traceCalls, type CallSpan, type CallTracer, type TraceCallsOptions } from "./trace-calls.ts";
