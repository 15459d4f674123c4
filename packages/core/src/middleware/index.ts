/**
 * Functions for the `middleware` option of a client: what may stand between it and the service.
 *
 * @module
 */
export { coalesceReads } from "./coalesce-reads.ts";
export { endedError } from "../transport/refusal.ts";
export { requestBudget, type RequestBudgetOptions } from "./request-budget.ts";
export { traceCalls, type CallSpan, type CallTracer, type TraceCallsOptions } from "./trace-calls.ts";
