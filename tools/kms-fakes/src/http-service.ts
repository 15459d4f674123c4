/** The HTTP side that the AWS, Azure and Oracle fakes share: one loopback server, whole bodies in and out. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A request, read whole. */
export interface HttpRequest {
  method: string;
  /** Path with query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An answer; `hang` never answers, `drop` closes the connection. */
export type HttpAnswer = { status: number; headers?: Record<string, string>; body: string } | "hang" | "drop";

/** A listening server. */
export interface HttpService {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

const largestBody = 1024 * 1024;

/** Starts a server on a free loopback port. `tls` makes it `https`. */
export async function startHttpService(
  answer: (request: HttpRequest) => Promise<HttpAnswer>,
  tls?: { key: string; cert: string },
): Promise<HttpService> {
  const handle: Parameters<typeof createServer>[1] = (incoming, outgoing) => {
    void (async () => {
      const body = await readBody(incoming);
      const { method = "", url = "", headers } = incoming;
      const answered = await answer({ method, url, headers, body });
      if (answered === "drop") outgoing.destroy();
      else if (answered !== "hang") outgoing.writeHead(answered.status, answered.headers).end(answered.body);
    })().catch((error: unknown) => {
      outgoing.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    });
  };
  const server = tls ? createTlsServer(tls, handle) : createServer(handle);
  await new Promise<void>((listening, failed) => {
    server.once("error", failed).listen(0, "127.0.0.1", listening);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${tls ? "https" : "http"}://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBody) throw new Error("The request is too large for a key service.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function closeServer(server: Pick<Server, "close" | "closeAllConnections">): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed());
    // Hanging answers hold their connections open.
    server.closeAllConnections();
  });
}
