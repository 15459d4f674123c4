/** What the TLS listener and the console have in common. */
import { once } from "node:events";
import type { IncomingMessage, Server as HttpServer } from "node:http";
import type { Server } from "node:https";

/** The port of a listening server. */
export function portOf(server: Server | HttpServer): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Stops listening and drops all connections. */
export async function closeServer(server: Server | HttpServer): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

/** Collects the body; `null` when it is larger than allowed. */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Uint8Array)) continue;
    length += chunk.length;
    if (length > maxBytes) return null;
    chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
  return Buffer.concat(chunks, length);
}
