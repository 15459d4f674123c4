/** Routes one exchange to the API or the file store, applies faults and logs the outcome. */
import type { Clock, Sleep } from "@ksmkit/common";
import type { FaultPlan } from "../faults/fault-plan.ts";
import type { Delivery, RequestTrace, VaultResponse, VaultRequest } from "../vault/exchange.ts";
import type { FileStore } from "../api/file-store.ts";
import { apiPrefix, type KsmApi } from "../api/ksm-api.ts";
import type { RequestLog } from "../vault/request-log.ts";

/** What the service is made from. */
export interface VaultServiceOptions {
  readonly api: KsmApi;
  readonly files: FileStore;
  readonly faults: FaultPlan;
  readonly log: RequestLog;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** Handles requests from any transport. */
export class VaultService {
  readonly #options: VaultServiceOptions;

  constructor(options: VaultServiceOptions) {
    this.#options = options;
  }

  /**
   * Handles one request.
   *
   * @param signal - ends the waits of faults when the client goes away
   */
  async handle(request: VaultRequest, signal?: AbortSignal): Promise<Delivery> {
    const { api, files, faults, log, clock, sleep } = this.#options;
    const trace: RequestTrace = { endpoint: endpointOf(request) };
    const script = faults.take(trace.endpoint);
    if (script.latencyMs > 0) await sleep(script.latencyMs, signal);
    const run = (): Promise<VaultResponse> =>
      request.path.startsWith("/files/")
        ? files.respond(request, trace)
        : api.respond(request, trace, script.responseFault);
    const delivery = await script.deliver(request, trace, run);
    log.add(trace, {
      at: clock(),
      method: request.method,
      status: delivery.response?.status,
      faults: script.kinds,
    });
    return delivery;
  }
}

function endpointOf(request: VaultRequest): string {
  if (request.path.startsWith(apiPrefix)) return request.path.slice(apiPrefix.length).slice(0, 64);
  if (!request.path.startsWith("/files/")) return "unknown";
  return request.method === "POST" ? "upload" : "download";
}
