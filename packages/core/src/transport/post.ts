/** How one sealed request is posted: the seam for caches, tests and replaced transports. */
import type { Deadline } from "@ksmkit/common";
import type { Endpoint } from "../protocol/endpoints.ts";
import type { SealedRequest } from "./envelope.ts";

/** A sealed request on its way out. */
export interface PostRequest extends SealedRequest {
  readonly url: string;
  readonly endpoint: Endpoint;
  /** Everything that must be sent along: content type, key id, sealed key, signature. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer before it is opened. */
export interface PostAnswer {
  readonly status: number;
  /** Value of a header, `null` when absent. */
  header(name: string): string | null;
  readonly bytes: Uint8Array;
}

/** Sends one sealed request and brings the whole answer. Failures are `HttpError`s. */
export type Post = (request: PostRequest, deadline: Deadline) => Promise<PostAnswer>;

/**
 * Wraps or replaces the posting of every attempt; `next` is the posting itself. It sees sealed bytes only.
 *
 * - It must end when `deadline.signal` aborts; an answer that it brings after a timeout, say from a cache,
 *   still counts.
 * - To answer with bytes of an earlier request, it sets `request.transmissionKey.key` to that request's key.
 *   To keep a key, it copies it: the memory is zero-filled after the attempt.
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
