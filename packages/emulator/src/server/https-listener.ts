/** The TLS listener: reads whole requests within limits and sends deliveries. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { platformSleep } from "@ksmkit/common";
import { VaultError } from "../errors/vault-error.ts";
import { type Delivery, pieces, type VaultRequest } from "../vault/exchange.ts";
import type { ServerCertificate } from "./certificates.ts";
import { closeServer, portOf, readBody } from "./http-server.ts";
import type { VaultService } from "./vault-service.ts";

/** Where and with what to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly certificate: ServerCertificate;
  readonly service: VaultService;
  /** Largest accepted body in bytes: uploads are the largest. */
  readonly maxBodyBytes: number;
}

/** A running listener. */
export interface Listener {
  readonly port: number;
  /** Stops listening and drops all connections. */
  close(): Promise<void>;
}

/**
 * Starts listening.
 *
 * @throws {VaultError} `ERR_VAULT_LISTEN`
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { certificate, host, port } = options;
  const server = createServer(
    {
      key: certificate.key,
      cert: certificate.certificate,
      headersTimeout: 15_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 60_000,
      maxHeaderSize: 32_768,
    },
    (incoming, outgoing) => {
      serve(options, incoming, outgoing).catch(() => outgoing.destroy());
    },
  );
  // Broken handshakes and half requests concern the client alone; the default handler responds with 400.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw new VaultError("ERR_VAULT_LISTEN", `Cannot listen on ${host} port ${port}`, { cause: error });
  }
  return { port: portOf(server), close: () => closeServer(server) };
}

async function serve(
  options: ListenOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort(new DOMException("The client is gone", "AbortError")));
  const body = await readBody(incoming, options.maxBodyBytes);
  if (body === null) {
    const text = '{"error":"bad_request","message":"The body is too large"}';
    outgoing.writeHead(400, { "content-type": "application/json", connection: "close" }).end(text);
    return;
  }
  const origin = `https://${authority(incoming)}`;
  const url = new URL(incoming.url ?? "/", "https://localhost");
  const request: VaultRequest = {
    method: incoming.method ?? "",
    path: url.pathname,
    query: url.searchParams,
    origin,
    header: (name) => single(incoming.headers[name]),
    body,
    remoteAddress: plainAddress(incoming.socket.remoteAddress ?? ""),
  };
  await send(await options.service.handle(request, gone.signal), outgoing, gone.signal);
}

async function send(delivery: Delivery, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  const { response } = delivery;
  if (response === undefined) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(response.status, { ...response.headers, "content-length": response.body.length });
  for (const { waitMs, bytes } of pieces(delivery)) {
    if (waitMs > 0) await platformSleep(waitMs, gone);
    if (!outgoing.write(bytes)) await once(outgoing, "drain", { signal: gone });
  }
  if (delivery.cutAt === undefined) outgoing.end();
  // The bytes before the cut must leave before the connection does.
  else setImmediate(() => outgoing.destroy());
}

/** The host that the client addressed, for file URLs; a malformed one is replaced by the local address. */
function authority(incoming: IncomingMessage): string {
  const host = incoming.headers.host ?? "";
  return /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host)
    ? host
    : `localhost:${incoming.socket.localPort ?? 443}`;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function plainAddress(address: string): string {
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
