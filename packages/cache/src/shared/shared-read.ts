/** One read through the shared cache. */
import type { Deadline } from "@ksmkit/common";
import type { Next, ServiceCall } from "@ksmkit/core";
import type { EntryContext } from "../entries/sealed-entry.ts";
import type { ReadQuery } from "../protocol/read-query.ts";

/** A read in progress. */
export interface SharedRead {
  readonly call: ServiceCall;
  readonly next: Next;
  /** The limits of the caller. */
  readonly deadline: Deadline;
  /** Hash of the client. */
  readonly tag: string;
  /** Hash of client and query. */
  readonly name: string;
  readonly context: EntryContext;
  readonly query: ReadQuery;
}

/** The read with the time that its caller has left. */
export function withRemainingTime(read: SharedRead, waitedMs: number): SharedRead {
  const { signal, timeoutMs } = read.call.wait;
  if (timeoutMs === undefined || waitedMs <= 0) return read;
  const call = { ...read.call, wait: { signal, timeoutMs: Math.max(1, timeoutMs - waitedMs) } };
  return { ...read, call };
}
