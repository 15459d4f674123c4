/** How an answer reaches the client: whole, or bent by faults of the connection. */
import type { VaultAnswer } from "./exchange.ts";

/** One answer and how to send it. */
export interface Delivery {
  /** Absent: the connection is dropped without an answer. */
  readonly answer: VaultAnswer | undefined;
  /** Sends only that many bytes of the announced body, then drops the connection. */
  readonly cutAt?: number;
  /** Spreads the body over this many milliseconds. */
  readonly spreadMs?: number;
}

/** Pieces in which a slow body is sent. */
const slowPieces = 10;

/**
 * The body in the pieces in which it is sent.
 *
 * @yields one piece and the wait before it
 */
export function* pieces(delivery: Delivery): Generator<{ waitMs: number; bytes: Uint8Array }> {
  const body = delivery.answer?.body ?? new Uint8Array();
  const sent = body.subarray(0, delivery.cutAt ?? body.length);
  const waitMs = (delivery.spreadMs ?? 0) / slowPieces;
  if (waitMs === 0) {
    if (sent.length > 0) yield { waitMs: 0, bytes: sent };
    return;
  }
  const size = Math.max(1, Math.ceil(sent.length / slowPieces));
  for (let at = 0; at < sent.length; at += size) yield { waitMs, bytes: sent.subarray(at, at + size) };
}
