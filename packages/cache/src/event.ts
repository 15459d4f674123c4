/** What a cache has to say without failing: events for the operator's log, never an exception, never a secret. */
import { printable } from "@ksmkit/common";
import type { KeeperErrorCode } from "@ksmkit/core";

/**
 * What happened.
 *
 * - `served`: a stored answer was given instead of the service's
 * - `missed`: nothing stored could stand in for the service; its error was passed on
 * - `too-old`: what is stored is older than allowed, or its age cannot be told because the clock went back
 * - `unreadable`: a stored entry is damaged, cut short, or sealed under another key, and was not used; or the ledger
 *   beside the entries is damaged or missing, and the answer says so in `warnings`
 * - `rolled-back`: a stored entry is older than what was stored last; it was not used
 * - `permissions`: others may read the store
 * - `store-failed`: the store refused or was too slow; the answer was not affected
 * - `purged`: the service denied access, so everything stored for this client was removed
 * - `withheld`: a record that this application changed meanwhile was left out of a stored answer
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
  /** Age of the stored answer in milliseconds, for `served` and `too-old`. */
  readonly ageMs?: number;
  /** Why the service could not answer, for `served` and `missed`. */
  readonly code?: KeeperErrorCode | (string & {});
  /** The failure underneath. */
  readonly cause?: unknown;
}

/** Told about events. What it throws is ignored: a log must not break a read. */
export type CacheEventListener = (event: CacheEvent) => void;

/** A listener that may be absent, and that never throws. */
export function safeListener(listener: CacheEventListener | undefined): CacheEventListener {
  return (event) => {
    try {
      listener?.({ ...event, message: printable(event.message, 2000) });
    } catch {
      // The listener's own fault; the read that it watches goes on.
    }
  };
}
