/** What a read through the shared cache carries along. */
import type { Next, ServiceCall } from "@ksmkit/core";
import type { ReadQuery } from "../protocol/read-query.ts";
import type { EntryContext } from "../entries/sealed-entry.ts";

/** One read on its way. */
export interface SharedRead {
  readonly call: ServiceCall;
  readonly next: Next;
  /** Hash of the client. */
  readonly tag: string;
  /** Hash of client and question. */
  readonly name: string;
  readonly place: EntryContext;
  readonly query: ReadQuery;
}

/** The reading with the time that its caller has left. */
export function withRemainingTime(reading: SharedRead, waitedMs: number): SharedRead {
  const { signal, timeoutMs } = reading.call.wait;
  if (timeoutMs === undefined || waitedMs <= 0) return reading;
  const call = { ...reading.call, wait: { signal, timeoutMs: Math.max(1, timeoutMs - waitedMs) } };
  return { ...reading, call };
}
