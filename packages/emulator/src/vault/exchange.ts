/** The vault's own view of one HTTP exchange, the same for sockets and for `vault.fetch`. */

/** A request whose body has been read completely. */
export interface VaultRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Scheme and authority under which the client reached the vault, for URLs in answers. */
  readonly origin: string;
  /** Looks a header up; the name is lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
  readonly remoteAddress: string;
}

/** A complete answer. */
export interface VaultAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What the log learns while a request is handled; filled as far as the request gets. */
export interface RequestTrace {
  endpoint: string;
  clientId?: string;
  clientVersion?: string;
  /** Request members with every blob replaced by its size. */
  payload?: Readonly<Record<string, unknown>>;
  /** `ok`, or the code of the refusal. */
  outcome?: string;
}
