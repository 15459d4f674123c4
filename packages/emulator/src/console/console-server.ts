/**
 * The console's HTTP server, on loopback only. Reading needs no token; whatever changes the vault or reveals a
 * one-time token does. Requests under another host name (DNS rebinding) and from other origins are refused.
 */
import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { parseJsonObject, utf8Bytes, utf8Text } from "@ksmkit/common";
import { VaultError } from "../errors/vault-error.ts";
import { closeServer, portOf, readBody } from "../server/http-server.ts";
import type { ConsoleApi } from "./console-api.ts";
import { consolePage, consoleScript, consoleStyle } from "./console-page.ts";

/** What the server is made from. */
export interface ConsoleServerOptions {
  readonly api: ConsoleApi;
  /** 0 lets the system choose. */
  readonly port: number;
  /** What a request that changes something must carry as `Authorization: Bearer …`. */
  readonly token: string;
}

/** A running console. */
export interface ConsoleServer {
  /** `http://127.0.0.1:<port>/` */
  readonly url: string;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly type: "text/html" | "text/javascript" | "text/css" | "application/json";
  readonly body: string;
}

const address = "127.0.0.1";
const maxBodyBytes = 0x10_0000;
const maxHeaderBytes = 16_384;

const securityHeaders = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/**
 * Starts the console.
 *
 * @throws {VaultError} `ERR_VAULT_LISTEN`
 */
export async function serveConsole(options: ConsoleServerOptions): Promise<ConsoleServer> {
  const server: Server = createServer(
    { headersTimeout: 15_000, requestTimeout: 30_000, maxHeaderSize: maxHeaderBytes },
    (incoming, outgoing) => {
      respond(options, portOf(server), incoming, outgoing).catch(() => outgoing.destroy());
    },
  );
  try {
    server.listen(options.port, address);
    await once(server, "listening");
  } catch (cause) {
    throw new VaultError("ERR_VAULT_LISTEN", `The console cannot listen on ${address} port ${options.port}`, {
      cause,
    });
  }
  return { url: `http://${address}:${portOf(server)}/`, close: () => closeServer(server) };
}

async function respond(
  options: ConsoleServerOptions,
  port: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { status, type, body } = await route(options, port, incoming);
  const bytes = utf8Bytes(body);
  const headers = {
    ...securityHeaders,
    "content-type": `${type}; charset=utf-8`,
    "content-length": bytes.length,
    // A body that was refused unread must not be taken for the next request.
    ...(incoming.complete ? {} : { connection: "close" }),
  };
  outgoing.writeHead(status, headers).end(bytes);
}

async function route(options: ConsoleServerOptions, port: number, incoming: IncomingMessage): Promise<Reply> {
  const { method = "", url = "", headers } = incoming;
  if (!isOwnHost(headers.host, port)) return failure(421, "This console has another host name");
  if (!isSameOrigin(incoming, port)) return failure(403, "Requests of other origins are refused");
  const { api, token } = options;
  const [path = "", query = ""] = url.split("?");
  if (method === "GET") {
    if (path === "/") return { status: 200, type: "text/html", body: consolePage(api.overview()) };
    if (path === "/console.js") return { status: 200, type: "text/javascript", body: consoleScript };
    if (path === "/console.css") return { status: 200, type: "text/css", body: consoleStyle };
    if (path === "/api/overview") {
      const all = new URLSearchParams(query).get("records") === "all";
      return json(200, api.overview(all ? Number.POSITIVE_INFINITY : undefined));
    }
  }
  const action = method === "POST" ? actions.get(path) : undefined;
  if (action === undefined) return failure(404, "The console has no such page");
  if (!isToken(headers.authorization, token)) {
    return failure(
      401,
      "The console token is missing or wrong; it is in the file that the vault names at its start",
    );
  }
  const body = await readBody(incoming, maxBodyBytes);
  const request = body === null ? null : parseJsonObject(utf8Text(body));
  if (request === null) return failure(400, "The body must be a JSON object of at most 1 MiB");
  try {
    return json(200, await action(api, request));
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return json(400, { error: error.code, message: error.message });
  }
}

type Action = (api: ConsoleApi, request: Record<string, unknown>) => Promise<object>;

const actions: ReadonlyMap<string, Action> = /* @__PURE__ */ new Map<string, Action>([
  ["/api/tokens", (api, request) => api.newToken(request)],
  ["/api/records", (api, request) => api.addRecord(request)],
  ["/api/environment", (api) => api.environment()],
]);

/** A page of another site that points its own name at loopback sends that name as `Host`. */
function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `${address}:${port}` || host === `localhost:${port}`;
}

/** Browsers name the origin of a request that a page makes; programs send neither header. */
function isSameOrigin({ headers }: IncomingMessage, port: number): boolean {
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return (
    origin === undefined || origin === `http://${address}:${port}` || origin === `http://localhost:${port}`
  );
}

function isToken(authorization: string | undefined, token: string): boolean {
  const expected = utf8Bytes(`Bearer ${token}`);
  const received = utf8Bytes(authorization ?? "");
  return received.length === expected.length && timingSafeEqual(received, expected);
}

function json(status: number, value: object): Reply {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

function failure(status: number, message: string): Reply {
  return json(status, { error: "ERR_VAULT_CONSOLE", message });
}
