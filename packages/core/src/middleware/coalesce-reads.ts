/** Joins reads that are asked for at the same time into one request. */
import { isJsonObject, SingleFlight, type JsonObject } from "@ksmkit/common";
import { endedError } from "../transport/refusal.ts";
import type { Middleware, Next, ServiceResponse, ServiceCall } from "./middleware.ts";

/**
 * Makes one request of reads that start in the same tick: those of single records ask for all their uids
 * together and each gets its own records; those that ask the same share the answer. Each keeps its own time
 * limit and signal; the request is given up when all have.
 *
 * @example
 * ```ts
 * const manager = new SecretsManager({ storage, middleware: coalesceReads() });
 * const [a, b] = await Promise.all([manager.getRecord(uidA), manager.getRecord(uidB)]); // one request
 * ```
 */
export function coalesceReads(): Middleware {
  const open = new Map<string, Batch>();
  return async (call, next) => {
    if (call.kind !== "read" || call.context !== undefined) return next(call);
    const { requestedRecords, ...rest } = call.payload;
    const uids = isTextList(requestedRecords) ? requestedRecords : undefined;
    const { hostname, clientId } = call.device;
    const shape = uids === undefined ? call.payload : { ...rest, requestedRecords: "some" };
    const key = JSON.stringify([hostname, clientId, call.endpoint, call.fresh, shape]);
    let batch = open.get(key);
    if (batch === undefined || batch.isGivenUp) {
      batch = new Batch(call, next, (self) => {
        if (open.get(key) === self) open.delete(key);
      });
      open.set(key, batch);
    }
    return batch.join(call, uids);
  };
}

/** One request and those who wait for its answer. */
class Batch {
  readonly #uids = new Set<string>();
  readonly #work: SingleFlight<ServiceResponse>;
  #timeoutMs = 0;

  constructor(first: ServiceCall, next: Next, close: (self: Batch) => void) {
    this.#work = new SingleFlight(async (signal) => {
      await startOfNextTick();
      close(this);
      const uids = [...this.#uids];
      const payload = uids.length > 0 ? { ...first.payload, requestedRecords: uids } : first.payload;
      return next({ ...first, payload, wait: { signal, timeoutMs: this.#timeoutMs } });
    });
  }

  get isGivenUp(): boolean {
    return this.#work.isGivenUp;
  }

  async join({ endpoint, wait }: ServiceCall, uids: readonly string[] | undefined): Promise<ServiceResponse> {
    for (const uid of uids ?? []) this.#uids.add(uid);
    this.#timeoutMs = Math.max(this.#timeoutMs, wait.timeoutMs ?? Infinity);
    const answer = await this.#work.join(wait, (deadline) => endedError(endpoint, deadline));
    const all = uids === undefined || new Set(uids).size === this.#uids.size;
    return all ? answer : { ...answer, json: onlyRecords(answer.json, new Set(uids)) };
  }
}

/** After everything that this tick has set going: a call takes a few promises to get here. */
async function startOfNextTick(): Promise<void> {
  for (let hops = 0; hops < 8; hops++) await undefined;
}

/** The answer as if only these records had been asked for. */
function onlyRecords(json: JsonObject, uids: ReadonlySet<unknown>): JsonObject {
  const asked = (records: unknown): unknown =>
    Array.isArray(records)
      ? records.filter((record) => isJsonObject(record) && uids.has(record["recordUid"]))
      : records;
  const { records, folders } = json;
  return {
    ...json,
    ...(records !== undefined && { records: asked(records) }),
    ...(Array.isArray(folders) && {
      folders: folders.map((folder: unknown) =>
        isJsonObject(folder) ? { ...folder, records: asked(folder["records"]) } : folder,
      ),
    }),
  };
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
}
