/** How one sealed request is posted: the seam for caches, tests and replaced transports. */
import type { Deadline } from "@ksmkit/common";
import type { Endpoint } from "../protocol/wire.ts";
import type { SealedRequest } from "./envelope.ts";

/** A sealed request on its way out. */
export interface PostRequest extends SealedRequest {
  readonly url: string;
  readonly endpoint: Endpoint;
  /** Everything that must be sent along: content type, key id, sealed key, signature. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A response before it is opened. */
export interface PostAnswer {
  readonly status: number;
  /** Value of a header, `null` when absent. */
  header(name: string): string | null;
  readonly bytes: Uint8Array;
  /**
   * Where the response comes from; reported as `freshness.source`. Default: `service`, or `cache` when the function
   * has replaced the transmission key, which means that it replays an earlier response.
   */
  readonly source?: "service" | "cache" | undefined;
  /**
   * When the service gave the response, in milliseconds since the epoch; reported as `freshness.fetchedAt`. Default:
   * now for `service`; 0, an unknown time, for `cache`.
   */
  readonly fetchedAt?: number | undefined;
}

/** Sends one sealed request and brings the whole answer. Failures are `HttpError`s. */
export type Post = (request: PostRequest, deadline: Deadline) => Promise<PostAnswer>;

/**
 * Wraps or replaces the posting of every attempt; `next` is the posting itself. It sees sealed bytes only.
 *
 * - It must end when `deadline.signal` aborts. A response that it returns after the time limit of one attempt, for
 *   example from a cache, still counts; the call as a whole ends with its caller's limits.
 * - To replay an earlier response, it sets `request.transmissionKey.key` to the key of that request and says in
 *   `source` and `fetchedAt` how old the response is. To keep a key, it copies it: the memory is zero-filled after
 *   the attempt. A replayed response to a read that names no `fetchedAt` and holds no record is refused as
 *   `ERR_KSM_TRANSPORT_BAD_RESPONSE`: it may be the response that confirmed the binding of the device.
 * - What it throws reaches the caller unchanged, except an `HttpError`, which becomes a `TransportError`.
 *
 * @example
 * ```ts
 * const post: PostFunction = async (request, deadline, next) => {
 *   const answer = await next(request, deadline);
 *   audit(request.endpoint, answer.status);
 *   return answer;
 * };
 * ```
 */
export type PostFunction = (request: PostRequest, deadline: Deadline, next: Post) => Promise<PostAnswer>;
