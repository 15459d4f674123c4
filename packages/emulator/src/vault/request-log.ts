/** The bounded log of decoded requests: endpoint, payload and outcome, without keys or sealed data. */
import type { RequestTrace } from "./exchange.ts";

/** One request, as far as it could be decoded. */
export interface RequestLogEntry {
  /** When the request was complete, ms since epoch. */
  readonly at: number;
  /** Endpoint, or `upload`, `download`, `unknown`. */
  readonly endpoint: string;
  readonly method: string;
  /** First eight characters of the client id. */
  readonly client: string | undefined;
  readonly clientVersion: string | undefined;
  /** Status of the response; `undefined` when the connection was dropped instead. */
  readonly status: number | undefined;
  /** `ok`, or the code of the refusal. */
  readonly outcome: string;
  /** Kinds of the faults that were applied. */
  readonly faults: readonly string[];
  /** Payload members with every key and blob replaced by its size. */
  readonly payload: Readonly<Record<string, unknown>> | undefined;
}

/** Keeps the most recent entries. */
export class RequestLog {
  /** Oldest first. The array is live. */
  readonly entries: RequestLogEntry[] = [];
  readonly #capacity: number;
  readonly #listener: ((entry: RequestLogEntry) => void) | undefined;

  constructor(listener?: (entry: RequestLogEntry) => void, capacity = 10_000) {
    this.#listener = listener;
    this.#capacity = capacity;
  }

  /** Adds the outcome of one request. */
  add(
    trace: RequestTrace,
    facts: { at: number; method: string; status: number | undefined; faults: readonly string[] },
  ): void {
    const entry: RequestLogEntry = {
      at: facts.at,
      endpoint: trace.endpoint,
      method: facts.method,
      client: trace.clientId?.slice(0, 8),
      clientVersion: trace.clientVersion,
      status: facts.status,
      outcome: trace.outcome ?? "dropped",
      faults: facts.faults,
      payload: trace.payload,
    };
    this.entries.push(entry);
    if (this.entries.length > this.#capacity) this.entries.shift();
    this.#listener?.(entry);
  }
}
