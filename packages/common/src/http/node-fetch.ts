/** A small fetch over Node's own HTTP: one connection pool per client, nothing process-wide. */
import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { releaseBytes } from "../encoding/bytes.ts";
import { onAbort } from "../time/on-abort.ts";
import { customFetch } from "./custom-fetch.ts";
import type { FetchLike, FetchRequest, FetchResponse, NetworkFetch, NetworkOptions } from "./fetch-types.ts";
import { HttpError, toHttpError } from "./http-error.ts";
import { responseBody } from "./node-body.ts";
import { loadModules, tlsSettings, type NodeModules, type TlsSettings } from "./node-modules.ts";
import { tunnelThrough, type RouteOptions } from "./node-tunnel.ts";
import { environmentProxy } from "./environment-proxy.ts";
import { bareHost, parseProxy, portOf, type ProxyAddress } from "./proxy-rules.ts";

// Shorter than what servers and load balancers grant, so that the client is usually the first to close.
const idleMs = 15_000;
const maxRoutes = 64;
// Bun and Deno have these modules too, with differences.
const onNode = !("deno" in process.versions || "bun" in process.versions);

/**
 * Makes a client's transport: kept-alive connections, proxy by option or environment, extra authorities.
 * No redirect is followed. Answers are asked for uncompressed; one that comes as gzip all the same is decoded.
 *
 * @throws {@link HttpError} kind `options` for a malformed proxy URL or certificate, here; of any kind, later.
 */
export function createNetworkFetch(options: NetworkOptions): NetworkFetch {
  return customFetch(options) ?? new NodeNetwork(options);
}

/** Everything about a URL that the next request to it needs again. */
interface Route {
  readonly send: (options: RouteOptions) => ClientRequest;
  readonly options: RouteOptions;
  readonly agent: Agent;
  /** Host with port, for the `Host` header and for messages. */
  readonly host: string;
  readonly extraHeaders: readonly string[];
}

class NodeNetwork implements NetworkFetch {
  readonly #proxy: ProxyAddress | undefined;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #authorities: readonly string[];
  readonly #verify: boolean;
  readonly #agents = new Map<string, Agent>();
  readonly #routes = new Map<string, Route>();
  #modules: NodeModules | undefined;
  #security: TlsSettings | undefined;
  #closed = false;

  constructor(options: NetworkOptions) {
    const { proxyUrl, ca } = options;
    this.#proxy = proxyUrl ? parseProxy(proxyUrl, "proxyUrl") : undefined;
    this.#environment = proxyUrl === undefined ? (options.env ?? process.env) : {};
    this.#authorities = ca === undefined ? [] : typeof ca === "string" ? [ca] : ca;
    this.#verify = options.verifyCertificates ?? true;
    // Anything but the word itself may be a mistake, and a mistake must not switch the check off.
    if (typeof this.#verify !== "boolean") {
      throw new HttpError("options", "verifyCertificates must be true or false");
    }
    // OpenSSL skips text without a certificate silently.
    if (!this.#authorities.every((pem) => /-----BEGIN CERTIFICATE-----/.test(pem))) {
      throw new HttpError("options", "ca holds text without a PEM certificate");
    }
  }

  readonly fetch: FetchLike = async (url, request) => {
    if (request.freshConnection) return send(this.#createRoute(url, false), request);
    let route = this.#routes.get(url);
    if (route === undefined) {
      route = this.#createRoute(url, true);
      if (this.#routes.size >= maxRoutes) this.#routes.clear();
      this.#routes.set(url, route);
    }
    return send(route, request);
  };

  close(): void {
    this.#closed = true;
    for (const agent of this.#agents.values()) retire(agent);
  }

  #createRoute(url: string, keepAlive: boolean): Route {
    if (!/^https?:/.test(url) || !URL.canParse(url)) {
      throw new HttpError("options", "the address is not an http or https URL");
    }
    const target = new URL(url);
    // With the first request: a program may import the client long before it needs the network.
    const modules = (this.#modules ??= loadModules());
    const encrypted = target.protocol === "https:";
    const proxy = this.#proxy ?? environmentProxy(target, this.#environment);
    // Plain HTTP asks the proxy itself, with the whole URL as path (RFC 9112 section 3.2.2).
    const relayed = !encrypted && proxy !== undefined;
    const extraHeaders = relayed && proxy.authorization ? ["Proxy-Authorization", proxy.authorization] : [];
    const secure = relayed ? proxy.protocol === "https:" : encrypted;
    const agent = this.#agent(modules, secure, relayed ? undefined : proxy, keepAlive);
    return {
      agent,
      send: modules[secure ? "https" : "http"].request,
      host: target.host,
      extraHeaders,
      options: {
        host: relayed ? proxy.hostname : bareHost(target),
        port: relayed ? proxy.port : portOf(target),
        path: relayed
          ? `${target.origin}${target.pathname}${target.search}`
          : target.pathname + target.search,
        agent,
      },
    };
  }

  #agent(modules: NodeModules, secure: boolean, proxy: ProxyAddress | undefined, keepAlive: boolean): Agent {
    const key = JSON.stringify([secure, keepAlive, proxy]);
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      const security = secure ? this.#tls(modules) : {};
      const options = { ...security, keepAlive, timeout: idleMs };
      if (!secure) agent = new modules.http.Agent(options);
      else {
        const encrypted = (agent = new modules.https.Agent(options));
        if (proxy !== undefined) tunnelThrough(encrypted, proxy, modules, security);
      }
      this.#agents.set(key, agent);
      if (this.#closed) retire(agent);
    }
    return agent;
  }

  #tls(modules: NodeModules): TlsSettings {
    return (this.#security ??= tlsSettings(modules.tls, this.#authorities, this.#verify));
  }
}

/** Closes what is idle and keeps nothing from now on; `destroy` would cut running requests. */
function retire(agent: Agent): void {
  agent.maxFreeSockets = 0;
  closeIdle(agent, "");
}

/** Closes the idle connections whose name starts so: names start with host and port. */
function closeIdle(agent: Agent, start: string): void {
  for (const [name, sockets] of Object.entries(agent.freeSockets)) {
    if (name.startsWith(start)) for (const socket of sockets ?? []) socket.destroy();
  }
}

function send(route: Route, request: FetchRequest): Promise<FetchResponse> {
  const { signal, body: content } = request;
  return new Promise((resolve, reject) => {
    let outgoing: ClientRequest;
    let response: IncomingMessage | undefined;
    try {
      signal?.throwIfAborted();
      const { method } = request;
      const headers = headerList(route, request);
      outgoing = route.send({ ...route.options, method, headers, connectSignal: signal });
    } catch (error) {
      const refused = new HttpError("options", `${route.host}: the request cannot be sent`, { cause: error });
      reject(signal?.aborted ? (error as Error) : refused);
      return;
    }
    let cancelled = false;
    const cancel = (reason?: Error): void => {
      cancelled = true;
      (response ?? outgoing).destroy(reason);
    };
    // Deno repeats a request that was destroyed on a used connection: on a fresh one, which would never end.
    if (!onNode) outgoing.on("socket", (socket) => void (cancelled && socket.destroy()));
    const abort = (): void => {
      const reason = signal?.reason as Error;
      cancel(reason instanceof Error ? reason : undefined);
      reject(reason);
    };
    const release = signal && onAbort(signal, abort);
    outgoing.on("close", () => release?.());
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      const stale =
        outgoing.reusedSocket &&
        response === undefined &&
        /^(ECONN(RESET|ABORTED)|EPIPE)$/.test(error.code ?? "");
      // Whoever closed this one has most likely closed the others that were idle as long.
      if (stale) closeIdle(route.agent, `${route.options.host}:${route.options.port}:`);
      reject(toHttpError(error, route.host, "waiting for the answer", stale));
    });
    outgoing.on("response", (incoming) => {
      response = incoming;
      const { headers, statusCode = 0 } = incoming;
      let body: FetchResponse["body"];
      try {
        body = responseBody(incoming, route.host);
      } catch (error) {
        cancel();
        reject(error);
        return;
      }
      const get = (name: string): string | null => {
        const value = headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(", ") : (value ?? null);
      };
      resolve({ status: statusCode, headers: { get }, body });
    });
    if (content === undefined || content instanceof Uint8Array) {
      outgoing.end(content);
      return;
    }
    pump(content, outgoing).catch((error: unknown) => {
      // A server that has answered needs no more; what it said is worth more than that it hung up.
      if (response !== undefined) return;
      cancel();
      reject(toHttpError(error, route.host, "sending the request"));
    });
  });
}

/** Sends a streamed body, one chunk at a time; ends early when the request does. */
async function pump(body: ReadableStream<Uint8Array>, outgoing: ClientRequest): Promise<void> {
  const reader = body.getReader();
  let stopped = false;
  let wake = (): void => {};
  const stop = (): void => {
    stopped = true;
    wake();
    // Ends a read under way. Its own failure is what ended the sending.
    void reader.cancel().catch(() => {});
  };
  outgoing.once("close", stop);
  outgoing.once("response", (incoming) => {
    stop();
    // A connection with half a request on it is of no further use.
    incoming.once("end", () => void (outgoing.writableEnded || outgoing.destroy()));
  });
  let sending = Promise.resolve();
  for (;;) {
    // The next chunk is made while the one before leaves.
    const { done, value } = await reader.read();
    await sending;
    if (stopped) return;
    if (done) break;
    sending = new Promise<void>((resolve) => {
      wake = resolve;
      outgoing.write(value, () => {
        // Deno calls back while it still holds the chunk, and would fail outside of any promise.
        if (!stopped && onNode) releaseBytes(value);
        resolve();
      });
    });
  }
  outgoing.end();
}

/** Headers as a flat list, which Node sends as they stand, without building a table first. */
function headerList(route: Route, { headers, body }: FetchRequest): string[] {
  const list = ["Host", route.host, ...route.extraHeaders];
  let hasAgent = false;
  let hasLength = false;
  let hasCoding = false;
  for (const name in headers) {
    list.push(name, headers[name] ?? "");
    hasAgent ||= /^user-agent$/i.test(name);
    hasLength ||= /^content-length$/i.test(name);
    hasCoding ||= /^accept-encoding$/i.test(name);
  }
  // Some services refuse requests without one.
  if (!hasAgent) list.push("User-Agent", "ksmkit");
  // Without it any coding is welcome (RFC 9110 section 12.5.3).
  if (!hasCoding) list.push("Accept-Encoding", "identity");
  if (body instanceof Uint8Array && !hasLength) list.push("Content-Length", String(body.length));
  return list;
}
