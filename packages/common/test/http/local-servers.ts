/** Real servers on the loopback interface, with certificates made on the spot. */
import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect, createServer as createTcp, type AddressInfo, type Server, type Socket } from "node:net";
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate with its key, both PEM. */
export interface Identity {
  cert: string;
  key: string;
}

/** A self-signed certificate for the given names and addresses. */
export async function selfSigned(
  names: readonly string[] = ["localhost"],
  expired = false,
): Promise<Identity> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const day = 86_400_000;
  const start = Date.now() - (expired ? 9 : 1) * day;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${names[0]}`,
    notBefore: new Date(start),
    notAfter: new Date(start + 2 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.:]+$/.test(value) ? ("ip" as const) : ("dns" as const), value })),
      ),
    ],
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    cert: certificate.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`,
  };
}

/** A running server and what it saw. */
export class Local implements AsyncDisposable {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly port: number;
  /** Connections accepted so far. */
  connections = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async listen(server: Server, host = "127.0.0.1"): Promise<Local> {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, host, resolve));
    const local = new Local(server);
    server.on("connection", (socket: Socket) => {
      local.connections++;
      local.#open.add(socket);
      socket.on("error", () => {}).on("close", () => local.#open.delete(socket));
    });
    return local;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#open.size;
  }

  /** Resets every connection, as a server does that has lost patience with idle ones. */
  dropAll(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A plain HTTP server. */
export function httpServer(handle: RequestListener, host?: string): Promise<Local> {
  return Local.listen(createHttp(handle), host);
}

/** An HTTPS server. */
export function httpsServer(identity: Identity, handle: RequestListener): Promise<Local> {
  const server = createHttps(identity, handle);
  server.on("tlsClientError", () => {});
  return Local.listen(server);
}

/** A server that answers every connection's first bytes with `text` and leaves it open unless told. */
export function rawServer(text: string, end = false): Promise<Local> {
  return Local.listen(
    createTcp((socket) => {
      socket.once("data", () => (end ? socket.end(text) : socket.write(text)));
    }),
  );
}

/** A server that accepts connections and says nothing. */
export function silentServer(): Promise<Local> {
  return Local.listen(createTcp((socket) => void socket.resume()));
}

/** A CONNECT proxy that notes what it was asked for; a `status` other than 2xx refuses. */
export async function connectProxy(
  options: { credentials?: string; status?: number; silent?: boolean; headers?: string } = {},
): Promise<{ local: Local; asked: string[] }> {
  const asked: string[] = [];
  const expected = options.credentials && `Basic ${Buffer.from(options.credentials).toString("base64")}`;
  const server = createHttp((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? "-"}`);
    response.end("relayed");
  });
  server.on("connect", (request, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.on("error", () => {});
    if (options.silent) return void socket.on("end", () => socket.end()).resume();
    const denied = expected !== undefined && request.headers["proxy-authorization"] !== expected;
    const status = denied ? 407 : (options.status ?? 200);
    if (status < 200 || status > 299) {
      return void socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    }
    const url = new URL(`http://${request.url}`);
    // Every target name leads to this machine: nothing in a test reaches a resolver.
    const upstream = connect(Number(url.port), "127.0.0.1", () => {
      socket.write(`HTTP/1.1 ${status} Connection established\r\n${options.headers ?? ""}\r\n`);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
    return undefined;
  });
  return { local: await Local.listen(server), asked };
}
