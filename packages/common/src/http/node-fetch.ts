/** A small fetch over Node's own HTTP: one connection pool per client, nothing process-wide. */
import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { releaseBytes } from "../encoding/bytes.ts";
import { onAbort } from "../time/on-abort.ts";
import { customFetch } from "./custom-fetch.ts";
import type {
  FetchLike,
  FetchRequest,
  FetchResponse,
  NetworkFetch,
  NetworkOptions,
  PushBody,
} from "./fetch-types.ts";
import { HttpError, toHttpError } from "./http-error.ts";
import { tunnelThrough, type NodeModules, type RouteOptions, type TlsSettings } from "./node-tunnel.ts";
import { environmentProxy } from "./environment-proxy.ts";
import { bareHost, parseProxy, portOf, type ProxyAddress } from "./proxy-rules.ts";

// Shorter than what servers and load balancers grant, so that the client is usually the first to close.
const idleMs = 15_000;
const maxRoutes = 64;
// Bun and Deno have these modules too, with differences.
const onNode = !("deno" in process.versions || "bun" in process.versions);

/**
 * Makes a client's transport: kept-alive connections, proxy by option or environment, extra authorities.
 * No redirect is followed and no answer is decompressed.
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
  #modules: Promise<NodeModules> | undefined;
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

  readonly fetch: FetchLike = async (url, request) =>
    send(this.#routes.get(url) ?? (await this.#createRoute(url)), request);

  close(): void {
    this.#closed = true;
    for (const agent of this.#agents.values()) retire(agent);
  }

  async #createRoute(url: string): Promise<Route> {
    if (!/^https?:/.test(url) || !URL.canParse(url)) {
      throw new HttpError("options", "the address is not an http or https URL");
    }
    const target = new URL(url);
    const modules = await (this.#modules ??= loadModules());
    const encrypted = target.protocol === "https:";
    const proxy = this.#proxy ?? environmentProxy(target, this.#environment);
    // Plain HTTP asks the proxy itself, with the whole URL as path (RFC 9112 section 3.2.2).
    const relayed = !encrypted && proxy !== undefined;
    const extraHeaders = relayed && proxy.authorization ? ["Proxy-Authorization", proxy.authorization] : [];
    const secure = relayed ? proxy.protocol === "https:" : encrypted;
    const route: Route = {
      send: modules[secure ? "https" : "http"].request,
      host: target.host,
      extraHeaders,
      options: {
        host: relayed ? proxy.hostname : bareHost(target),
        port: relayed ? proxy.port : portOf(target),
        path: relayed
          ? `${target.origin}${target.pathname}${target.search}`
          : target.pathname + target.search,
        agent: this.#agent(modules, secure, relayed ? undefined : proxy),
      },
    };
    if (this.#routes.size >= maxRoutes) this.#routes.clear();
    this.#routes.set(url, route);
    return route;
  }

  #agent(modules: NodeModules, secure: boolean, proxy: ProxyAddress | undefined): Agent {
    const key = proxy === undefined ? `${secure}` : JSON.stringify(proxy);
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      const security = secure ? this.#tlsSettings(modules) : {};
      const options = { ...security, keepAlive: true, timeout: idleMs };
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

  #tlsSettings({ tls }: NodeModules): TlsSettings {
    const extra = this.#authorities;
    try {
      return {
        ...(!this.#verify && { rejectUnauthorized: false }),
        // One context per agent: as plain `ca` the roots would be parsed again for every connection.
        ...(extra.length > 0 && {
          secureContext: tls.createSecureContext({ ca: [...defaultAuthorities(tls), ...extra] }),
        }),
      };
    } catch (cause) {
      if (cause instanceof HttpError) throw cause;
      throw new HttpError("options", "ca holds a certificate that cannot be read", { cause });
    }
  }
}

/** Loaded with the first request, since a program may import the client long before it needs the network. */
async function loadModules(): Promise<NodeModules> {
  const [http, https, tls] = await Promise.all([
    import("node:http"),
    import("node:https"),
    import("node:tls"),
  ]);
  return { http, https, tls };
}

/** What Node trusts by default, `NODE_EXTRA_CA_CERTS` included where this Node can tell (22.15). */
function defaultAuthorities(tls: NodeModules["tls"]): readonly string[] {
  const known: { getCACertificates?: (type: "default") => string[] } = tls;
  try {
    return known.getCACertificates?.("default") ?? tls.rootCertificates;
  } catch (cause) {
    throw new HttpError("options", "ca needs the platform's own authorities; allow Deno --allow-sys", {
      cause,
    });
  }
}

/** Closes what is idle and keeps nothing from now on; `destroy` would cut running requests. */
function retire(agent: Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}

function send(route: Route, request: FetchRequest): Promise<FetchResponse> {
  const { signal, body } = request;
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
    // Deno repeats a request that was destroyed on a used connection: on a fresh one, which nobody would end.
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
        (error.code === "ECONNRESET" || error.code === "EPIPE");
      reject(toHttpError(error, route.host, "waiting for the answer", stale));
    });
    outgoing.on("response", (incoming) => {
      response = incoming;
      const { headers, statusCode = 0 } = incoming;
      const get = (name: string): string | null => {
        const value = headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(", ") : (value ?? null);
      };
      resolve({ status: statusCode, headers: { get }, body: bodyOf(incoming) });
    });
    if (body === undefined || body instanceof Uint8Array) {
      outgoing.end(body);
      return;
    }
    pump(body, outgoing).catch((error: unknown) => {
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

/** The answer's body. Node's own iterator closes nothing when it is ended before its first step. */
function bodyOf(incoming: IncomingMessage): PushBody {
  return {
    pushTo: (accept) =>
      new Promise((resolve, reject) => {
        const fail = (error: unknown): void => {
          reject(error);
          incoming.destroy();
        };
        const go = (more: boolean): void => {
          if (more) return void incoming.resume();
          resolve();
          incoming.destroy();
        };
        incoming.on("error", reject).on("end", resolve);
        incoming.on("data", (chunk: Uint8Array) => {
          try {
            const more = accept(chunk);
            if (more === true) return;
            incoming.pause();
            if (more === false) go(more);
            else more.then(go, fail);
          } catch (error) {
            fail(error);
          }
        });
      }),
    [Symbol.asyncIterator]: () => {
      const chunks: AsyncIterator<Uint8Array> = incoming[Symbol.asyncIterator]();
      return {
        next: () => chunks.next(),
        return: async () => {
          incoming.destroy();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** Headers as a flat list, which Node sends as they stand, without building a table first. */
function headerList(route: Route, { headers, body }: FetchRequest): string[] {
  const list = ["Host", route.host, ...route.extraHeaders];
  let hasAgent = false;
  let hasLength = false;
  for (const name in headers) {
    list.push(name, headers[name] ?? "");
    hasAgent ||= /^user-agent$/i.test(name);
    hasLength ||= /^content-length$/i.test(name);
  }
  // Some services refuse requests without one.
  if (!hasAgent) list.push("User-Agent", "ksmkit");
  if (body instanceof Uint8Array && !hasLength) list.push("Content-Length", String(body.length));
  return list;
}
