/**
 * A plain HTTP server on loopback that serves a page and forwards everything under `/relay/` to the vault over TLS.
 *
 * A browser trusts only what its operating system trusts, and a page may only call its own origin. Requests
 * are sealed by the client and stay so: the relay has no key.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request as requestOverTls } from "node:https";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** The vault behind the relay. */
export interface RelayTarget {
  /** `host:port` of the vault. */
  readonly hostname: string;
  /** PEM of the authority to trust. */
  readonly ca: string;
}

/** Options of {@link startRelay}. */
export interface RelayOptions {
  readonly target: RelayTarget;
  /** 0 lets the system choose. Default: 0. */
  readonly port?: number | undefined;
  /** Handles requests that are not for the vault. Default: 404. */
  readonly serve?:
    | ((incoming: IncomingMessage, outgoing: ServerResponse) => void | Promise<void>)
    | undefined;
}

/** A running relay. */
export interface Relay extends AsyncDisposable {
  /** `http://127.0.0.1:port`, which browsers take for a secure context. */
  readonly origin: string;
  /** Stops listening and drops all connections. */
  stop(): Promise<void>;
}

const prefix = "/relay/";
const idleLimitMs = 60_000;
/** Headers that concern one connection only (RFC 9110 7.6.1). */
const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "host"]);

/** Starts a relay. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const notFound = (_: IncomingMessage, outgoing: ServerResponse): void => void outgoing.writeHead(404).end();
  const { target, port = 0, serve = notFound } = options;
  const server = createServer((incoming, outgoing) => {
    const work = incoming.url?.startsWith(prefix)
      ? passOn(target, incoming, outgoing)
      : Promise.resolve(serve(incoming, outgoing));
    work.catch(() => outgoing.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const stop = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, stop, [Symbol.asyncDispose]: stop };
}

async function passOn(
  { hostname, ca }: RelayTarget,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).filter(([name]) => !hopByHop.has(name)),
  );
  // The vault derives the URLs of files from the host of the request.
  const url = `https://${hostname}/${(incoming.url ?? "").slice(prefix.length)}`;
  const onward = requestOverTls(url, { method: incoming.method, headers, ca, timeout: idleLimitMs });
  onward.on("timeout", () => onward.destroy(new Error("the vault does not respond")));
  outgoing.on("close", () => onward.destroy());
  const responded = once(onward, "response") as Promise<[IncomingMessage]>;
  const [[response]] = await Promise.all([responded, pipeline(incoming, onward)]);
  const kept = Object.entries(response.headers).filter(([name]) => !hopByHop.has(name));
  outgoing.writeHead(response.statusCode ?? 502, Object.fromEntries(kept));
  await pipeline(response, outgoing);
}
