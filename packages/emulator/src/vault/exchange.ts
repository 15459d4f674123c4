/** The vault's own view of one HTTP exchange, the same for sockets and for `vault.fetch`. */

/** A request whose body has been read completely. */
export interface VaultRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Scheme and authority under which the client reached the vault, for URLs in responses. */
  readonly origin: string;
  /** Looks a header up; the name is lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
  readonly remoteAddress: string;
}

/** A complete response. */
export interface VaultResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What the log records while a request is handled; filled as far as the request gets. */
export interface RequestTrace {
  endpoint: string;
  clientId?: string;
  clientVersion?: string;
  /** Request members with every blob replaced by its size. */
  payload?: Readonly<Record<string, unknown>>;
  /** `ok`, or the code of the refusal. */
  outcome?: string;
}

/** One response and how to send it. */
export interface Delivery {
  /** Absent: the connection is dropped without a response. */
  readonly response: VaultResponse | undefined;
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
  const body = delivery.response?.body ?? new Uint8Array();
  const sent = body.subarray(0, delivery.cutAt ?? body.length);
  const waitMs = (delivery.spreadMs ?? 0) / slowPieces;
  if (waitMs === 0) {
    if (sent.length > 0) yield { waitMs: 0, bytes: sent };
    return;
  }
  const size = Math.max(1, Math.ceil(sent.length / slowPieces));
  for (let at = 0; at < sent.length; at += size) yield { waitMs, bytes: sent.subarray(at, at + size) };
}
