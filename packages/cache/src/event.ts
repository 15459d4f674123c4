/** What a cache reports without failing: events for the operator's log, without secrets. */
import { printable } from "@ksmkit/common";
import type { KeeperErrorCode } from "@ksmkit/core";

/**
 * What happened.
 *
 * - `served`: a stored response was returned instead of the service's
 * - `missed`: no stored response could replace the service's; its error was passed on
 * - `too-old`: what is stored is older than allowed, or its age is unknown because the clock was set back
 * - `unreadable`: a stored entry is damaged, truncated, or sealed under another key, and was not used; or the ledger
 *   beside the entries is damaged or missing, and the response says so in `warnings`
 * - `rolled-back`: a stored entry is older than what was stored last; it was not used
 * - `permissions`: others may read the store
 * - `store-failed`: the store refused or was too slow; the response was not affected
 * - `purged`: the service denied access, so everything stored for this client was removed
 * - `withheld`: a record that this application changed meanwhile was left out of a stored response
 * - `refresh-failed`: a refresh in the background failed
 */
export type CacheEventKind =
  | "served"
  | "missed"
  | "too-old"
  | "unreadable"
  | "rolled-back"
  | "permissions"
  | "store-failed"
  | "purged"
  | "withheld"
  | "refresh-failed";

/** One event. */
export interface CacheEvent {
  readonly kind: CacheEventKind;
  /** One sentence: what, where, what to do. */
  readonly message: string;
  /** Age of the stored response in milliseconds, for `served` and `too-old`. */
  readonly ageMs?: number;
  /** Why the service failed, for `served` and `missed`. */
  readonly code?: KeeperErrorCode | (string & {});
  /** The failure underneath. */
  readonly cause?: unknown;
}

/** Called for every event. What it throws is ignored: a log must not break a read. */
export type CacheEventListener = (event: CacheEvent) => void;

/** A listener that may be absent, and that never throws. */
export function safeListener(listener: CacheEventListener | undefined): CacheEventListener {
  return (event) => {
    try {
      listener?.({ ...event, message: printable(event.message, 2000) });
    } catch {
      // A fault of the listener must not end the read that it observes.
    }
  };
}
