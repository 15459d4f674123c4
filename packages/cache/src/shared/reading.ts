/** What a read through the shared cache carries along. */
import type { Next, ServiceCall } from "@ksmkit/core";
import type { Question } from "../protocol/read-query.ts";
import type { EntryPlace } from "../entries/sealed-entry.ts";

/** One read on its way. */
export interface Reading {
  readonly call: ServiceCall;
  readonly next: Next;
  /** Hash of the client. */
  readonly tag: string;
  /** Hash of client and question. */
  readonly name: string;
  readonly place: EntryPlace;
  readonly question: Question;
}

/** The reading with the time that its caller has left. */
export function leftOf(reading: Reading, waitedMs: number): Reading {
  const { signal, timeoutMs } = reading.call.wait;
  if (timeoutMs === undefined || waitedMs <= 0) return reading;
  const call = { ...reading.call, wait: { signal, timeoutMs: Math.max(1, timeoutMs - waitedMs) } };
  return { ...reading, call };
}
