/** One HTTP exchange with everything bounded: time by a deadline, memory by a limit. */
import { concatBytes, releaseBytes } from "../encoding/bytes.ts";
import type { Deadline } from "../time/deadline.ts";
import type { FetchLike, FetchRequest, FetchResponse } from "./fetch-types.ts";
import { HttpError, hostOf, toHttpError } from "./http-error.ts";

/** Bounds of an {@link exchange}. */
export interface ExchangeLimits {
  /** Covers connecting, sending and the whole body. */
  deadline: Deadline;
  /** Largest accepted body in bytes; more is refused with `too_large`. */
  maxBytes: number;
  /** Where the body of an answer with another status than 2xx is cut off, in bytes. Default: 65 536. */
  maxErrorBytes?: number | undefined;
  /**
   * Repeats the request once, over a fresh connection, when a kept-alive one turned out to be closed before any part
   * of an answer came. For requests that change nothing. Default: false.
   */
  mayRepeat?: boolean | undefined;
  /**
   * Takes the body of a 2xx answer chunk by chunk instead of its being kept; the next chunk waits for its
   * promise, and each is good until then. `announced` is the length of the body where the server named it, true or
   * not. What it throws ends the exchange.
   */
  sink?: ((chunk: Uint8Array, announced: number | undefined) => void | Promise<void>) | undefined;
}

/** A completely received answer. */
export interface ExchangeAnswer {
  readonly status: number;
  /** Value of a header, `null` when absent. */
  header(name: string): string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What an {@link exchange} sends; it adds the signal and never follows redirects. */
export type ExchangeRequest = Omit<FetchRequest, "signal" | "redirect">;

/**
 * Sends a request and reads the whole answer. Memory stays linear in the body, a body that is not read to
 * its end is cancelled, and the promise settles when the deadline ends even if `fetch` ignores its signal.
 *
 * @throws {@link HttpError} for every failure, also for those of a foreign `fetch`.
 * @example
 * ```ts
 * const deadline = new Deadline({ timeoutMs: 30_000 });
 * const answer = await exchange(fetch, url, { method: "GET", headers: {} }, { deadline, maxBytes: 1 << 20 });
 * ```
 */
export async function exchange(
  fetch: FetchLike,
  url: string,
  request: ExchangeRequest,
  limits: ExchangeLimits,
): Promise<ExchangeAnswer> {
  const { deadline } = limits;
  const { signal } = deadline;
  let source: ChunkSource | undefined;
  let phase = "waiting for the answer";
  const run = async (): Promise<ExchangeAnswer> => {
    const response = await ask(fetch, url, { ...request, signal, redirect: "manual" }, limits.mayRepeat);
    phase = "reading the answer";
    // Browsers show a redirect that was not followed as status 0 without content.
    if (response.status === 0)
      throw new HttpError("bad_response", `${hostOf(url)}: answered with a redirect`);
    source = response.body === null ? undefined : chunksOf(response.body);
    if (signal.aborted) {
      // Came too late: the caller has its answer already, and the connection must still be released.
      source?.cancel();
      throw signal.reason;
    }
    const bytes = source === undefined ? new Uint8Array() : await collect(source, response, url, limits);
    return { status: response.status, header: (name) => response.headers.get(name), bytes };
  };
  try {
    if (signal.aborted) throw signal.reason;
    return await deadline.race(run());
  } catch (error) {
    source?.cancel();
    if (deadline.end === undefined) throw toHttpError(error, hostOf(url), phase);
    if (deadline.end === "aborted") {
      throw new HttpError("aborted", `${hostOf(url)}: ${phase} was aborted`, { cause: signal.reason });
    }
    throw new HttpError("timeout", `${hostOf(url)}: ${phase} took longer than ${deadline.timeoutMs} ms`);
  }
}

/** Waits for the head of the answer. */
async function ask(
  fetch: FetchLike,
  url: string,
  request: FetchRequest,
  mayRepeat = false,
): Promise<FetchResponse> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const stale = HttpError.isInstance(error) && error.reusedSocket;
    if (!mayRepeat || !stale || request.signal?.aborted) throw error;
    return fetch(url, { ...request, freshConnection: true });
  }
}

/** A body of any shape as something that hands over its chunks. */
interface ChunkSource {
  /** Hands each chunk to `accept` until that returns false; resolves at the end of the body. */
  each(accept: (chunk: unknown) => boolean | Promise<boolean>): Promise<void>;
  /** True when chunks belong to who takes them, and may be freed. */
  readonly owned: boolean;
  /** Releases the connection; its own failure means that it is closed already. */
  cancel(): void;
}

function chunksOf(body: NonNullable<FetchResponse["body"]>): ChunkSource {
  const ignore = (): void => {};
  // Our own transport pushes, which costs less than pulling.
  if ("pushTo" in body) {
    const cancel = (): void => void body[Symbol.asyncIterator]().return?.();
    return { each: (accept) => body.pushTo(accept), cancel, owned: true };
  }
  // Not every browser can iterate over a stream.
  if ("getReader" in body) {
    const reader = body.getReader();
    return pulled(
      () => reader.read(),
      () => reader.cancel().catch(ignore),
    );
  }
  const iterator = body[Symbol.asyncIterator]();
  return pulled(
    () => iterator.next(),
    () => iterator.return?.().then(ignore, ignore),
  );
}

function pulled(
  next: () => Promise<{ done?: boolean | undefined; value?: unknown }>,
  cancel: () => unknown,
): ChunkSource {
  return {
    owned: false,
    cancel: () => void cancel(),
    each: async (accept) => {
      for (;;) {
        const { done, value } = await next();
        if (done) return;
        if (!(await accept(value))) {
          cancel();
          return;
        }
      }
    },
  };
}

async function collect(
  source: ChunkSource,
  response: FetchResponse,
  url: string,
  limits: ExchangeLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const cut = response.status < 200 || response.status > 299;
  const sink = cut ? undefined : limits.sink;
  const limit = cut ? (limits.maxErrorBytes ?? 65_536) : limits.maxBytes;
  const fault = (kind: "too_large" | "bad_response" | "network", what: string): HttpError =>
    new HttpError(kind, `${hostOf(url)}: the answer ${what}`);
  const tooLarge = `is larger than ${limit} bytes`;
  const declared = declaredLength(response);
  if (!cut && declared !== undefined && declared > limit) throw fault("too_large", tooLarge);
  const parts: Uint8Array[] = [];
  let whole: Uint8Array<ArrayBuffer> | undefined;
  let length = 0;
  let complete = true;
  await source.each((chunk) => {
    if (!(chunk instanceof Uint8Array)) throw fault("bad_response", "has a body that is not made of bytes");
    const at = length;
    length += chunk.length;
    if (length > limit) {
      if (!cut) throw fault("too_large", tooLarge);
      parts.push(chunk.subarray(0, limit - at));
      return (complete = false);
    }
    if (sink !== undefined) {
      const taken = (): boolean => {
        if (source.owned) releaseBytes(chunk);
        return true;
      };
      const taking = sink(chunk, declared);
      return taking === undefined ? taken() : taking.then(taken);
    }
    // A body in one chunk needs no copy; of a longer one the place is known beforehand, or it is joined once.
    if (at === 0 && !cut && declared !== undefined && chunk.length < declared)
      whole = new Uint8Array(declared);
    if (whole === undefined) parts.push(chunk);
    else if (length <= whole.length) whole.set(chunk, at);
    else return false;
    return true;
  });
  if (complete && declared !== undefined && length !== declared) {
    throw fault("network", `ended after ${length} of ${declared} bytes`);
  }
  const [only] = parts;
  if (whole !== undefined) return whole;
  return parts.length === 1 && only !== undefined ? plainBytes(only) : concatBytes(...parts);
}

/** The body length that the server announced, where it counts the bytes that arrive here. */
function declaredLength(response: FetchResponse): number | undefined {
  const text = response.headers.get("content-length");
  // A decoding fetch delivers more bytes than were sent.
  const coding = response.headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  return text !== null && /^\d{1,15}$/.test(text) && coding === "identity" ? Number(text) : undefined;
}

/** The same bytes as a plain array: Node delivers `Buffer`, whose `slice` and printing differ. */
function plainBytes(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = chunk;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(chunk);
}
