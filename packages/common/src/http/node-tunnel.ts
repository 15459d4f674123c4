/** Encrypted connections through a proxy: CONNECT (RFC 9110 section 9.3.6), then TLS to the target. */
import type * as Http from "node:http";
import type * as Https from "node:https";
import type { Duplex } from "node:stream";
import type * as Tls from "node:tls";
import { onAbort } from "../time/on-abort.ts";
import { HttpError, toHttpError } from "./http-error.ts";
import type { NodeModules, TlsSettings } from "./node-modules.ts";
import type { ProxyAddress } from "./proxy-rules.ts";

/** Request options that reach the agent; the signal covers the way through the proxy as well. */
export interface RouteOptions extends Http.RequestOptions {
  connectSignal?: AbortSignal | undefined;
}

/** Makes `agent` connect through `proxy`. Its sockets are pooled like direct ones. */
export function tunnelThrough(
  agent: Https.Agent,
  proxy: ProxyAddress,
  modules: NodeModules,
  security: TlsSettings,
): void {
  agent.createConnection = (target: Tls.ConnectionOptions & RouteOptions, callback) => {
    const { host = "", port, servername = "", connectSignal } = target;
    openTunnel(modules, proxy, security, authority(host, port ?? 443), connectSignal).then(
      (socket) => callback?.(null, modules.tls.connect({ ...security, socket, host, servername })),
      // The agent reads no stream beside an error.
      (error: Error) => callback?.(error, undefined as never),
    );
    return undefined;
  };
}

function authority(host: string, port: number | string): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function openTunnel(
  modules: NodeModules,
  proxy: ProxyAddress,
  security: TlsSettings,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  const name = `proxy ${authority(proxy.hostname, proxy.port)}`;
  return new Promise((resolve, reject) => {
    const request = modules[proxy.protocol === "https:" ? "https" : "http"].request({
      ...security,
      host: proxy.hostname,
      port: proxy.port,
      method: "CONNECT",
      path,
      headers: { Host: path, ...(proxy.authorization && { "Proxy-Authorization": proxy.authorization }) },
      agent: false,
    });
    const abort = (): void => void request.destroy();
    if (signal?.aborted) abort();
    const release = signal && onAbort(signal, abort);
    request.once("close", () => release?.());
    request.once("error", (error) => {
      const { message, cause } = toHttpError(error, name, "opening the way");
      reject(new HttpError("proxy", message, { cause }));
    });
    request.once("connect", (response, socket, head) => {
      release?.();
      // TLS starts with the client: bytes that come earlier are not from the target.
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode <= 299 && head.length === 0) return resolve(socket);
      socket.destroy();
      const hint = statusCode === 407 ? ": check the user and password of the proxy URL" : "";
      reject(new HttpError("proxy", `${name}: answered ${statusCode} to CONNECT${hint}`));
    });
    request.end();
  });
}
