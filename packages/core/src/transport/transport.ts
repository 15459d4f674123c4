/**
 * One call to the service: seal, post, open; rotate the server key when asked, wait when throttled, turn
 * every failure into a coded error (ksm-protocol sections 6.2, 8, 9).
 */
import {
  createNetworkFetch,
  Deadline,
  encodeBase64,
  equalBytes,
  exchange,
  HttpError,
  platformRandom,
  platformSleep,
  utf8Bytes,
  type Clock,
  type JsonObject,
  type NetworkFetch,
  type NetworkOptions,
  type Random,
  type Sleep,
  type WaitOptions,
} from "@ksmkit/common";
import { provider } from "#crypto";
import type { PrivateKey, PublicKey } from "../crypto/provider.ts";
import { ThrottledError, TransportError } from "../errors/errors.ts";
import { isRead, mustAnswer, type Endpoint } from "../protocol/wire.ts";
import { serverKeyFor, type ServerKey } from "../protocol/server-keys.ts";
import { badResponse, openResponse, sealRequest } from "./envelope.ts";
import {
  endedError,
  exchangeError,
  optionsError,
  readRefusal,
  refusalError,
  type Refusal,
} from "./refusal.ts";
import type { Post, PostAnswer, PostFunction, PostRequest } from "./post.ts";
import type { OnRetry, RetryReason } from "./retry-notice.ts";
import { isThrottle, namedDelayMs, throttleDelayMs } from "./throttle.ts";

export type { Post, PostAnswer, PostFunction, PostRequest } from "./post.ts";

/** Options of {@link Transport}. */
export interface TransportOptions {
  /** How to reach the network: options, or a transport that the caller owns and closes. */
  network?: NetworkOptions | NetworkFetch | undefined;
  /** Wraps or replaces the posting; see {@link PostFunction}. */
  post?: PostFunction | undefined;
  /** `User-Agent` header. Default: `ksmkit` on Node, the platform's own elsewhere. */
  userAgent?: string | undefined;
  /** Limit of one attempt in milliseconds, from connecting to the last byte. Default: 30 000. */
  timeoutMs?: number | undefined;
  /** Limit of one call in milliseconds, all attempts and waits included. Default: 600 000. */
  totalTimeoutMs?: number | undefined;
  /** Largest answer in bytes. Default: 268 435 456 (256 MiB). */
  maxResponseBytes?: number | undefined;
  /** How often a throttled call is repeated. Default: 5. */
  maxThrottleRetries?: number | undefined;
  clock?: Clock | undefined;
  random?: Random | undefined;
  sleep?: Sleep | undefined;
}

/** The device that a call is made for. */
export interface RequestIdentity {
  /** `host` or `host:port`. */
  readonly hostname: string;
  readonly privateKey: PrivateKey;
  readonly serverKey: ServerKey;
  /**
   * Called once the service has accepted a request under another built-in key than `serverKey`, with its
   * id, so that the next call starts there. Its failure is the call's failure.
   */
  saveServerKeyId(id: string): Promise<unknown>;
}

/** What a call returns. */
export interface TransportResponse {
  /** The response, unchecked; `null` for the empty success of an endpoint that writes. */
  readonly json: JsonObject | null;
  /** The text that `json` was parsed from, as UTF-8; empty for `null`. */
  readonly bytes: Uint8Array;
  /** `cache` when a post function has replayed an earlier response. */
  readonly source: "service" | "cache";
  /** When the service gave the response, as the post function says; `undefined` when it does not say. */
  readonly fetchedAt: number | undefined;
}

/** What stays the same over the attempts of one call. */
interface Call {
  readonly endpoint: Endpoint;
  readonly json: Uint8Array;
  readonly identity: RequestIdentity;
  readonly total: Deadline;
  readonly signal: AbortSignal | undefined;
  readonly onRetry: OnRetry | undefined;
}

/** Limits of a call, and who wants to know of its repetitions. */
export interface CallOptions extends WaitOptions {
  onRetry?: OnRetry | undefined;
}

// More rotations than a service in its right mind could ask for.
const maxRotations = 3;

/** Calls the service. Keeps connections, but nothing about any device or answer. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #network: NetworkFetch;
  readonly #ownsNetwork: boolean;
  readonly #random: Random;
  readonly #serverKeys = new WeakMap<ServerKey, PublicKey>();

  /** @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` for unusable network options */
  constructor(options: TransportOptions = {}) {
    const { network = {} } = options;
    this.#options = options;
    this.#ownsNetwork = !("close" in network);
    this.#random = options.random ?? platformRandom;
    try {
      this.#network = "close" in network ? network : createNetworkFetch(network);
    } catch (error) {
      throw HttpError.isInstance(error) ? optionsError(error) : error;
    }
  }

  /**
   * Makes one call, however many attempts it takes.
   *
   * @param payload the request object, sent as JSON
   * @param options `timeoutMs` takes the place of `totalTimeoutMs`
   * @throws {@link TransportError} `ERR_KSM_TRANSPORT_*`, {@link ThrottledError} `ERR_KSM_THROTTLED`,
   *   {@link AbortedError} `ERR_KSM_ABORTED`
   */
  async call(
    endpoint: Endpoint,
    payload: object,
    identity: RequestIdentity,
    options: CallOptions = {},
  ): Promise<TransportResponse> {
    const { signal, timeoutMs = this.#options.totalTimeoutMs ?? 600_000, onRetry } = options;
    const json = utf8Bytes(JSON.stringify(payload));
    const total = new Deadline({ signal, timeoutMs });
    try {
      // A request that enrols a device is no mere read.
      const mayRepeat = isRead(endpoint) && !("publicKey" in payload);
      return await this.#repeat({ endpoint, json, identity, total, signal, onRetry }, mayRepeat);
    } finally {
      total.stop();
    }
  }

  /** Attempts until there is an answer, a refusal that nothing can be done about, or no time left. */
  async #repeat(call: Call, mayRepeat: boolean): Promise<TransportResponse> {
    const { endpoint, identity, onRetry } = call;
    let serverKey = identity.serverKey;
    let rotations = 0;
    let throttles = 0;
    let freshConnection = false;
    let attempt = 1;
    const announce = (reason: RetryReason, delayMs = 0): void =>
      onRetry?.({ endpoint, reason, attempt: ++attempt, delayMs });
    for (;;) {
      const transmissionKey = this.#random(32);
      try {
        const { request, answer } = await this.#attempt(call, serverKey, transmissionKey, freshConnection);
        if (answer.status === 200) {
          const { key } = request.transmissionKey;
          const opened = await readSuccess(endpoint, answer, key);
          if (rotations > 0) await identity.saveServerKeyId(serverKey.id);
          const replayed = !equalBytes(key, transmissionKey);
          const { source = replayed ? "cache" : "service", fetchedAt } = answer;
          return { ...opened, source, fetchedAt };
        }
        const refusal = readRefusal(answer);
        if (isThrottle(refusal)) {
          const delayMs = this.#throttleDelay(refusal, answer, call, throttles++);
          announce("throttled", delayMs);
          await this.#sleep(delayMs, call);
        } else if (refusal.resultCode === "key") {
          serverKey = nextServerKey(refusal, serverKey, rotations++, endpoint);
          announce("server_key");
        } else {
          throw refusalError(refusal, endpoint);
        }
      } catch (error) {
        if (!mayRepeat || !isStaleConnection(error)) throw error;
        mayRepeat = false;
        freshConnection = true;
        announce("connection_closed");
      } finally {
        // Best effort: the runtime may hold copies elsewhere.
        transmissionKey.fill(0);
      }
    }
  }

  /**
   * The wait before the next attempt of a throttled call.
   *
   * @throws {@link ThrottledError} after the last attempt, and when the wait does not fit the time that is left
   */
  #throttleDelay(refusal: Refusal, answer: PostAnswer, { endpoint, total }: Call, throttles: number): number {
    const { maxThrottleRetries = 5, clock = Date.now } = this.#options;
    const { remainingMs } = total;
    const namedMs = namedDelayMs(refusal, answer, clock);
    const delayMs = throttleDelayMs(throttles, namedMs, this.#random, remainingMs);
    const isLast = throttles >= maxThrottleRetries;
    if (!isLast && delayMs < remainingMs) return delayMs;
    const retryAfterMs = namedMs ?? delayMs;
    const seconds = Math.ceil(retryAfterMs / 1000);
    const { status, resultCode } = refusal;
    throw new ThrottledError(
      isLast
        ? `The service still throttles ${endpoint} after ${throttles + 1} attempts. Send nothing for ${seconds} s, then try again.`
        : `The service throttles ${endpoint} for ${seconds} s, longer than this call may still take. Send nothing until then.`,
      retryAfterMs,
      { status, resultCode, endpoint },
    );
  }

  /** Closes idle connections of the transport's own network. */
  close(): void {
    if (this.#ownsNetwork) this.#network.close();
  }

  async #attempt(
    { endpoint, json, identity, total, signal }: Call,
    serverKey: ServerKey,
    transmissionKey: Uint8Array<ArrayBuffer>,
    freshConnection: boolean,
  ): Promise<{ request: PostRequest; answer: PostAnswer }> {
    const { timeoutMs = 30_000, userAgent, post } = this.#options;
    let key = this.#serverKeys.get(serverKey);
    if (key === undefined) {
      key = await provider.importPoint(serverKey.point);
      this.#serverKeys.set(serverKey, key);
    }
    const sealed = await sealRequest(json, {
      serverKey: { id: serverKey.id, key },
      privateKey: identity.privateKey,
      transmissionKey,
    });
    const request: PostRequest = {
      ...sealed,
      endpoint,
      url: `https://${identity.hostname}/api/rest/sm/v1/${endpoint}`,
      headers: {
        "Content-Type": "application/octet-stream",
        PublicKeyId: serverKey.id,
        TransmissionKey: encodeBase64(sealed.transmissionKey.encryptedKey),
        Authorization: `Signature ${encodeBase64(sealed.payload.signature)}`,
        ...(userAgent !== undefined && { "User-Agent": userAgent }),
      },
    };
    const send = freshConnection ? this.#postAfresh : this.#post;
    const deadline = new Deadline({ signal: total.signal, timeoutMs });
    // Only the caller's signal cuts a post function short: after a timeout it may have an answer of its own.
    const caller = post && new Deadline({ signal });
    try {
      if (post === undefined || caller === undefined)
        return { request, answer: await send(request, deadline) };
      const answer = await caller.race(post(request, deadline, send));
      if (Number.isInteger(answer?.status) && answer.bytes instanceof Uint8Array) return { request, answer };
    } catch (error) {
      if (total.end === "aborted") throw endedError(endpoint, total);
      if (!HttpError.isInstance(error)) throw error;
      if (deadline.end !== undefined)
        throw endedError(endpoint, total.end === undefined ? deadline : total, error);
      throw exchangeError(endpoint, error, identity.hostname);
    } finally {
      deadline.stop();
      caller?.stop();
    }
    throw badResponse("of the post function has no status or no bytes", endpoint);
  }

  readonly #post: Post = (request, deadline) => this.#exchange(request, deadline, false);
  readonly #postAfresh: Post = (request, deadline) => this.#exchange(request, deadline, true);

  #exchange(
    { url, headers, payload }: PostRequest,
    deadline: Deadline,
    freshConnection: boolean,
  ): Promise<PostAnswer> {
    return exchange(
      this.#network.fetch,
      url,
      {
        method: "POST",
        headers: { ...headers },
        body: payload.payload,
        ...(freshConnection && { freshConnection }),
      },
      { deadline, maxBytes: this.#options.maxResponseBytes ?? 268_435_456 },
    );
  }

  async #sleep(ms: number, { endpoint, total }: Call): Promise<void> {
    try {
      await (this.#options.sleep ?? platformSleep)(ms, total.signal);
    } catch (error) {
      if (total.end === undefined) throw error;
    }
    if (total.end !== undefined) throw endedError(endpoint, total);
  }
}

async function readSuccess(
  endpoint: Endpoint,
  answer: PostAnswer,
  key: Uint8Array,
): Promise<Pick<TransportResponse, "json" | "bytes">> {
  const { bytes } = answer;
  if (bytes.length > 0) return openResponse(bytes, key, endpoint, answer.header("content-encoding"));
  if (mustAnswer(endpoint)) throw badResponse("is empty", endpoint);
  return { json: null, bytes };
}

/** The key that the service asks for, if it is one to be trusted and a retry can help (section 6.2). */
function nextServerKey(
  refusal: Refusal,
  current: ServerKey,
  rotations: number,
  endpoint: Endpoint,
): ServerKey {
  const { keyId, status, resultCode } = refusal;
  const next = current.custom ? undefined : serverKeyFor(keyId);
  // Just after a rotation a node of the service may still ask for the key that it gets; before one, never.
  const helps = rotations < maxRotations && (rotations > 0 || next?.id !== current.id);
  if (next !== undefined && helps) return next;
  let reason = `asks for server key ${keyId || "without saying which"}`;
  if (current.custom) reason += `, but the custom key ${current.id} is configured: check serverPublicKey`;
  else if (!helps) reason += ` after key ${current.id} was sent`;
  else reason += ", which this version does not know";
  throw new TransportError("ERR_KSM_TRANSPORT_SERVER_KEY", `The service ${reason}. Nothing was stored.`, {
    status,
    resultCode,
    endpoint,
  });
}

function isStaleConnection(error: unknown): boolean {
  return error instanceof TransportError && HttpError.isInstance(error.cause) && error.cause.reusedSocket;
}
