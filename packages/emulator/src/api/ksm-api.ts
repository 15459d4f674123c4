/** The KSM API of the server part: opens, checks, runs the endpoint, saves, seals (ksm-protocol 13). */
import { type Clock, type Random, utf8Bytes } from "@ksmkit/common";
import { endpoints } from "../endpoints/table.ts";
import { sealGcm } from "../wire/aes.ts";
import type { RequestTrace, VaultResponse, VaultRequest } from "../vault/exchange.ts";
import { type Gate, identifyClient, openRequest } from "./open-request.ts";
import { type RateLimit, RateWindow, SeenNonces } from "./request-limits.ts";
import { badRequest, Refusal, refusalBody } from "../vault/refusal.ts";
import type { ServerState } from "../vault/state.ts";

/** What the API is made from. */
export interface KsmApiOptions {
  readonly state: ServerState;
  readonly clock: Clock;
  readonly random: Random;
  readonly rateLimit: RateLimit | false;
  /** Resolves when the state is safely stored; awaited before a change is acknowledged. */
  readonly save: () => Promise<void>;
}

/** What the faults of a request change inside the sealed layer. */
export interface ResponseFault {
  readonly expired?: boolean;
  readonly readOnly?: boolean;
  /** Changes the response before it is sealed. */
  readonly transform?: (response: Record<string, unknown>) => Record<string, unknown>;
  /** Sealed instead of the response's JSON. */
  readonly plaintext?: string;
}

/** Path in front of the endpoint's name. */
export const apiPrefix = "/api/rest/sm/v1/";

/** Serves API requests from the server state alone. */
export class KsmApi {
  readonly #options: KsmApiOptions;
  readonly #gate: Gate;

  constructor(options: KsmApiOptions) {
    this.#options = options;
    const { state, clock, rateLimit } = options;
    const rate = rateLimit === false ? undefined : rateGate(rateLimit, clock);
    this.#gate = { state, clock, nonces: new SeenNonces(), rate };
  }

  /** Handles one request; refusals are responses too. Fills `trace` as far as the request gets. */
  async respond(
    request: VaultRequest,
    trace: RequestTrace,
    responseFault: ResponseFault = {},
  ): Promise<VaultResponse> {
    try {
      const body = await this.#run(request, trace, responseFault);
      trace.outcome = "ok";
      return { status: 200, headers: { "content-type": "application/octet-stream" }, body };
    } catch (error) {
      const refusal =
        error instanceof Refusal ? error : new Refusal(500, "internal_error", "The vault failed to response");
      return refuse(request, trace, refusal);
    }
  }

  async #run(request: VaultRequest, trace: RequestTrace, responseFault: ResponseFault): Promise<Uint8Array> {
    const { state, clock, random, save } = this.#options;
    const endpoint = endpoints.get(trace.endpoint);
    if (endpoint === undefined) throw badRequest("Unknown endpoint");
    const opened = openRequest(this.#gate, request, trace);
    const { client, enrolKey } = identifyClient(
      this.#gate,
      request,
      opened,
      trace,
      responseFault.expired === true,
    );
    client.lastAccessAt = clock();
    let dirty = false;
    const response = endpoint(
      {
        state,
        client,
        clock,
        enrolKey,
        origin: request.origin,
        remoteAddress: request.remoteAddress,
        readOnly: responseFault.readOnly === true,
        changed: () => {
          dirty = true;
        },
      },
      opened.payload,
    );
    if (dirty) await save();
    if (response === null && responseFault.plaintext === undefined) return new Uint8Array();
    const text =
      responseFault.plaintext ?? JSON.stringify(responseFault.transform?.(response ?? {}) ?? response);
    return sealGcm(opened.transmissionKey, utf8Bytes(text), random);
  }
}

/** Turns a refusal into its response; also used for faults that refuse. */
export function refuse(request: VaultRequest, trace: RequestTrace, refusal: Refusal): VaultResponse {
  trace.outcome = refusal.code;
  const userAgent = (request.header("user-agent") ?? "").slice(0, 512);
  const body = refusalBody(refusal, request.origin + request.path, request.method, userAgent);
  return { status: refusal.status, headers: { "content-type": "application/json" }, body: utf8Bytes(body) };
}

function rateGate(limit: RateLimit, clock: Clock): NonNullable<Gate["rate"]> {
  const { status = 429, retryAfterSeconds } = limit;
  const extra = retryAfterSeconds === undefined ? {} : { retry_after: retryAfterSeconds };
  return {
    window: new RateWindow(limit, clock),
    refuse: () => new Refusal(status, "throttled", "Too many requests", { extra }),
  };
}
