/** What the faults of one request do to its exchange. */
import { type Random, utf8Bytes, type JsonObject } from "@ksmkit/common";
import type { Delivery, RequestTrace, VaultResponse, VaultRequest } from "../vault/exchange.ts";
import { refuse, type ResponseFault } from "../api/ksm-api.ts";
import { Refusal, wrongKey } from "../vault/refusal.ts";
import { corruptResponse } from "./corrupt-response.ts";
import type { Fault } from "./fault.ts";

/** The faults of one request, ready to be applied. */
export class FaultScript {
  readonly #faults: readonly Fault[];
  readonly #random: Random;

  constructor(faults: readonly Fault[], random: Random) {
    this.#faults = faults;
    this.#random = random;
  }

  /** Kinds of all faults, for the log. */
  get kinds(): readonly string[] {
    return this.#faults.map((fault) => fault.kind);
  }

  /** Wait before the request is handled. */
  get latencyMs(): number {
    return this.#faults.reduce((sum, fault) => (fault.kind === "latency" ? sum + fault.ms : sum), 0);
  }

  /** What happens inside the sealed layer. */
  get responseFault(): ResponseFault {
    if (this.#faults.length === 0) return {};
    const plaintext = this.#faults.find((fault) => fault.kind === "plaintext")?.text;
    return {
      expired: this.#faults.some((fault) => fault.kind === "expired"),
      readOnly: this.#faults.some((fault) => fault.kind === "readOnly"),
      transform: (response: JsonObject) => this.#faults.reduce(corruptResponse, response),
      ...(plaintext === undefined ? {} : { plaintext }),
    };
  }

  /** Runs the exchange or replaces it, then applies the faults of the connection to the response. */
  async deliver(
    request: VaultRequest,
    trace: RequestTrace,
    run: () => Promise<VaultResponse>,
  ): Promise<Delivery> {
    for (const fault of this.#faults) {
      if (fault.kind === "drop" && fault.when === "before") return { response: undefined };
      const response = replacementFor(fault, request, trace);
      if (response !== undefined) return { response };
    }
    const delivery: Delivery = { response: await run() };
    return this.#faults.reduce((sent, fault) => alterDelivery(sent, fault, this.#random), delivery);
  }
}

/** The response of a fault that replaces the exchange; `undefined` for any other fault. */
function replacementFor(fault: Fault, request: VaultRequest, trace: RequestTrace): VaultResponse | undefined {
  if (fault.kind === "key") return refuse(request, trace, wrongKey(fault.keyId));
  if (fault.kind === "throttle") {
    const extra = fault.retryAfter === undefined ? {} : { retry_after: fault.retryAfter };
    const refusal = new Refusal(fault.status ?? 429, "throttled", "Too many requests", { extra });
    const response = refuse(request, trace, refusal);
    if (fault.header === undefined) return response;
    return { ...response, headers: { ...response.headers, "retry-after": fault.header } };
  }
  if (fault.kind !== "status") return undefined;
  trace.outcome = "fault";
  const { body = "" } = fault;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const contentType = typeof body === "string" ? "text/plain" : "application/json";
  const headers = { "content-type": contentType, ...fault.headers };
  return { status: fault.status, headers, body: utf8Bytes(text) };
}

/** Changes how a response is sent; faults of other layers leave it alone. */
function alterDelivery(delivery: Delivery, fault: Fault, random: Random): Delivery {
  const { response } = delivery;
  if (response === undefined) return delivery;
  const withBody = (body: Uint8Array, status = response.status): Delivery => ({
    ...delivery,
    response: { ...response, status, body },
  });
  const { body } = response;
  if (fault.kind === "drop" && fault.when === "after") return { response: undefined };
  if (fault.kind === "drop") return { ...delivery, cutAt: Math.floor(body.length / 2) };
  if (fault.kind === "slow") return { ...delivery, spreadMs: fault.ms };
  if (fault.kind === "truncate") return withBody(body.slice(0, fault.bytes));
  if (fault.kind === "garbage") return withBody(random(fault.bytes ?? 64), 200);
  if (fault.kind === "oversize") return withBody(new Uint8Array(fault.bytes), 200);
  if (fault.kind !== "wrongTag" || body.length === 0) return delivery;
  const flipped = body.slice();
  flipped.set([(body.at(-1) ?? 0) ^ 1], body.length - 1);
  return withBody(flipped);
}
