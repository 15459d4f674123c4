/** The responses that a process has seen, opened: what it falls back to without the store. */
import type { JsonObject } from "@ksmkit/common";
import type { ServiceResponse } from "@ksmkit/core";
import { withoutFileAddresses } from "../protocol/filter-response.ts";
import type { ReadQuery } from "../protocol/read-query.ts";

/** One response as this process knows it. */
export interface LocalEntry {
  /** Version in the store; "" for one that was not published. */
  readonly version: string;
  readonly json: JsonObject;
  readonly requestedAt: number;
  readonly fetchedAt: number;
  /** Count of changes that it includes. */
  readonly epoch: number;
  /** Age in milliseconds when it was seen. */
  readonly ageMs: number;
  /** When it was seen, by this process's clock. */
  readonly seenAt: number;
  /** After a failure to refresh it without the store: not tried again before. */
  readonly retryAt?: number;
}

/** Local entries by name, the last used last. */
export class LocalCache {
  readonly #limit: number;
  readonly #byName = new Map<string, LocalEntry>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(name: string): LocalEntry | undefined {
    return this.#byName.get(name);
  }

  /** Adds or replaces an entry, and evicts the one that was set longest ago. */
  set(name: string, entry: LocalEntry): void {
    this.#byName.delete(name);
    this.#byName.set(name, entry);
    for (const [oldest] of this.#byName) {
      if (this.#byName.size <= this.#limit) break;
      this.#byName.delete(oldest);
    }
  }

  delete(name: string): void {
    this.#byName.delete(name);
  }

  /** Deletes the entries whose names begin with a prefix. */
  deleteAll(prefix: string): void {
    for (const name of this.#byName.keys()) if (name.startsWith(prefix)) this.#byName.delete(name);
  }
}

// Clocks are corrected by less than that all the time.
const slackMs = 1_000;

/** How old an entry is now; `Infinity` when the clock was set back since, so that its age is unknown. */
export function ageOf({ ageMs, seenAt }: LocalEntry, now: number): number {
  return now < seenAt - slackMs ? Infinity : ageMs + Math.max(0, now - seenAt);
}

/** Age in milliseconds from which addresses of files are left out: they expire within minutes. */
const fileAddressMs = 60_000;

/** An entry as the response to a query. */
export function responseOf(entry: LocalEntry, { kind }: ReadQuery, now: number): ServiceResponse {
  const ageMs = ageOf(entry, now);
  const json = kind === "folders" || ageMs < fileAddressMs ? entry.json : withoutFileAddresses(entry.json);
  // After the clock was set back, the time of the fetch lies in the future; the entry is at least that old.
  return { json, source: "cache", fetchedAt: Math.min(entry.fetchedAt, now - ageMs) };
}
