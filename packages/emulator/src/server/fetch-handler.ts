/** A fetch-compatible handler that needs no socket. */
import { platformSleep } from "@ksmkit/common";
import { type Delivery, pieces, type VaultRequest } from "../vault/exchange.ts";
import type { VaultService } from "./vault-service.ts";

/** The vault as a fetch function: fits the platform's `fetch` and the `fetch` option of the clients. */
export type VaultFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Makes a fetch function over the service. Any host name reaches the vault; redirects do not occur.
 *
 * As with the platform's fetch, a dropped connection is a `TypeError` and an abort rejects with the
 * signal's reason.
 *
 * @param remoteAddress - the address that locked clients are pinned to
 */
export function createFetchHandler(service: VaultService, remoteAddress = "127.0.0.1"): VaultFetch {
  return async (url, init) => {
    // The standard requires `duplex` with a stream body; the DOM types lack it.
    const streaming = { duplex: "half", ...init };
    const request = new Request(url, streaming);
    request.signal.throwIfAborted();
    const { origin, pathname, searchParams } = new URL(request.url);
    const decoded: VaultRequest = {
      method: request.method,
      path: pathname,
      query: searchParams,
      origin,
      header: (name) => request.headers.get(name) ?? undefined,
      body: new Uint8Array(await request.arrayBuffer()),
      remoteAddress,
    };
    const delivery = await service.handle(decoded, request.signal);
    request.signal.throwIfAborted();
    return toResponse(delivery, request.signal);
  };
}

function toResponse(delivery: Delivery, signal: AbortSignal): Response {
  const { response } = delivery;
  if (response === undefined) throw droppedConnection();
  const { status } = response;
  const headers = { ...response.headers, "content-length": String(response.body.length) };
  // The standard allows no body with these.
  if (status === 204 || status === 205 || status === 304) return new Response(null, { status, headers });
  const steps = pieces(delivery);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const step = steps.next();
      if (!step.done) {
        if (step.value.waitMs > 0) await platformSleep(step.value.waitMs, signal);
        controller.enqueue(step.value.bytes);
      } else if (delivery.cutAt !== undefined) controller.error(droppedConnection());
      else controller.close();
    },
  });
  return new Response(body, { status, headers });
}

function droppedConnection(): TypeError {
  const cause = Object.assign(new Error("The vault dropped the connection"), { code: "ECONNRESET" });
  return new TypeError("fetch failed", { cause });
}
