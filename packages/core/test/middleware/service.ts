/** A service of one line and the calls that reach it. */
import type { Middleware, Next, ServiceResponse, ServiceCall } from "../../src/middleware/middleware.ts";

export function serviceCall(overrides: Partial<ServiceCall> = {}): ServiceCall {
  return {
    endpoint: "get_secret",
    kind: "read",
    payload: {},
    fresh: false,
    device: { hostname: "vault.test", clientId: "client", appKey: new Uint8Array(32) },
    wait: { timeoutMs: 600_000 },
    ...overrides,
  };
}

export function answerOf(json: ServiceResponse["json"] = {}): ServiceResponse {
  return { json, source: "service", fetchedAt: 0 };
}

/** Asks through `ask`, and keeps what gets to the service. */
export function through(
  ask: Middleware,
  answer: (call: ServiceCall) => ServiceResponse | Promise<ServiceResponse> = () => answerOf(),
): { call: Next; reached: ServiceCall[] } {
  const reached: ServiceCall[] = [];
  const service: Next = async (call) => {
    reached.push(call);
    return answer(call);
  };
  return { reached, call: (call) => ask(call, service) };
}

/** Time that passes only when somebody waits. */
export function fakeTime(): {
  clock: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  slept: number[];
  pass: (ms: number) => void;
} {
  let now = 0;
  const slept: number[] = [];
  return {
    clock: () => now,
    slept,
    pass: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}
