/** The part of the fetch standard that the clients use, so that any fetch, fake or local vault fits. */

/** Request half of {@link FetchLike}. */
export interface FetchRequest {
  method: string;
  headers: Record<string, string>;
  /** The chunks of a stream belong to the transport, which may free them once they are sent. */
  body?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;
  signal?: AbortSignal;
  /** Redirects are never followed: signed headers must not travel to another host. */
  redirect?: "manual";
  /**
   * Asks for a connection that carried no request before: for a repetition after a kept-alive one turned out to be
   * closed. Our own Node transport respects it; platforms repeat by themselves.
   */
  freshConnection?: boolean;
  /** Required by the fetch standard when `body` is a stream. */
  duplex?: "half";
}

/** A body that pushes its chunks: what the Node transport offers besides iteration. */
export interface PushBody extends AsyncIterable<Uint8Array> {
  /**
   * Calls `accept` with each chunk, which belongs to it from then on, until it returns false or throws, which
   * closes the connection. The next chunk waits for its promise.
   */
  pushTo(accept: (chunk: Uint8Array) => boolean | Promise<boolean>): Promise<void>;
}

/** Answer half of {@link FetchLike}; a standard `Response` fits. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | PushBody | null;
}

/** A fetch function: the platform's own, a wrapper, a fake, or the local vault's `fetch`. */
export type FetchLike = (url: string, request: FetchRequest) => Promise<FetchResponse>;

/** How a client reaches the network. Everything is per client; nothing is process-wide. */
export interface NetworkOptions {
  /** Replaces the platform's transport. The options below are then its own business and are refused. */
  fetch?: FetchLike | undefined;
  /**
   * Proxy for this client, for example `http://user:password@proxy.example:3128`. It takes the place of
   * the environment's proxy and of `NO_PROXY`; an empty text means no proxy at all. Node only.
   */
  proxyUrl?: string | undefined;
  /** Extra certificate authorities in PEM, trusted besides the system's. Node only. */
  ca?: string | readonly string[] | undefined;
  /** False turns TLS certificate checks off. For local development only. Default: true. Node only. */
  verifyCertificates?: boolean | undefined;
  /** Environment to read `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` from. Default: `process.env` on Node. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A transport with sockets of its own. */
export interface NetworkFetch {
  readonly fetch: FetchLike;
  /** Closes idle kept-alive connections. */
  close(): void;
}
