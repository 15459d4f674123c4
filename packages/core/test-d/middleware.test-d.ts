/** What the compiler knows of what stands between client and service; this file is compiled, never run. */
import {
  memoryStorage,
  SecretsManager,
  type Middleware,
  type Freshness,
  type ServiceResponse,
} from "@ksmkit/core";
import { coalesceReads, requestBudget, traceCalls, type CallTracer } from "@ksmkit/core/middleware";
import { expectType, type Equal } from "@ksmkit/tool-types/expect";

const timed: Middleware = async (call, next) => {
  expectType<Equal<typeof call.kind, "bind" | "read" | "write">>();
  expectType<Equal<(typeof call.payload)["requestedRecords"], unknown>>();
  // @ts-expect-error a call is not changed in place
  call.fresh = true;
  return next({ ...call, wait: { timeoutMs: 5 } });
};
// @ts-expect-error a response names its source
const silent: Middleware = () => Promise.resolve({ json: {}, fetchedAt: 0 });
void silent;
declare const tracer: CallTracer;
const manager = new SecretsManager({
  storage: memoryStorage(),
  middleware: [
    traceCalls({ tracer }),
    coalesceReads(),
    requestBudget({ requests: 50, windowMs: undefined }),
    timed,
  ],
});
// @ts-expect-error no such option
requestBudget({ request: 50 });
// @ts-expect-error a tracer is needed
traceCalls({});
expectType<Equal<ServiceResponse["source"], "service" | "cache">>();
declare const freshness: Freshness;
expectType<Equal<typeof freshness.ageMs, number>>();
void manager;
