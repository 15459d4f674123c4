import { describe, expect, it } from "vitest";
import { requestBudget } from "../../src/middleware/request-budget.ts";
import { ThrottledError } from "../../src/errors/errors.ts";
import { clientOptions, startLocalVault } from "../client/local-client.ts";
import { SecretsManager } from "../../src/client/secrets-manager.ts";
import { fakeTime, serviceCall, through, answerOf } from "./service.ts";

describe("requestBudget", () => {
  it("lets 100 through at once and the rest after 10 s of silence, in order", async () => {
    const time = fakeTime();
    const { call, reached } = through(requestBudget({ clock: time.clock, sleep: time.sleep }));
    const calls = Array.from({ length: 250 }, (_, i) => call(serviceCall({ payload: { i } })));
    await Promise.all(calls);
    expect(time.slept).toEqual([10_000, 10_000]);
    expect(reached.map(({ payload }) => payload["i"])).toEqual(Array.from({ length: 250 }, (_, i) => i));
  });

  it("is never throttled by a service that keeps the same rule, where a client without it is", async () => {
    const time = fakeTime();
    const vault = await startLocalVault({ rateLimit: {}, clock: time.clock, tokens: 2 });
    const options = { maxThrottleRetries: 0, clock: time.clock };
    const read = async (manager: SecretsManager): Promise<string[]> => {
      await manager.bind();
      const reads = Array.from({ length: 130 }, () => manager.getSecrets({ uids: "A".repeat(22) }));
      const outcomes = await Promise.allSettled(reads);
      return outcomes.flatMap((one) =>
        one.status === "rejected" ? [(one.reason as { code: string }).code] : [],
      );
    };
    const plain = new SecretsManager(clientOptions(vault, options));
    expect(new Set(await read(plain))).toEqual(new Set(["ERR_KSM_THROTTLED"]));
    const token = vault.ksm.oneTimeTokens[1];
    const careful = new SecretsManager(
      clientOptions(vault, {
        ...options,
        token,
        middleware: requestBudget({ clock: time.clock, sleep: time.sleep }),
      }),
    );
    expect(await read(careful)).toEqual([]);
    await vault.close();
  });

  it("counts each endpoint and each device by itself", async () => {
    const time = fakeTime();
    const { call } = through(requestBudget({ clock: time.clock, sleep: time.sleep, requests: 1 }));
    await call(serviceCall());
    await call(serviceCall({ endpoint: "get_folders" }));
    await call(serviceCall({ device: { ...serviceCall().device, clientId: "other" } }));
    expect(time.slept).toEqual([]);
    await call(serviceCall());
    expect(time.slept).toEqual([10_000]);
  });

  it("counts silence from the last answer, and starts again after it", async () => {
    const time = fakeTime();
    const { call } = through(requestBudget({ clock: time.clock, sleep: time.sleep, requests: 2 }), () => {
      time.pass(300);
      return answerOf();
    });
    await call(serviceCall());
    time.pass(9_999);
    await call(serviceCall());
    expect(time.slept).toEqual([]);
    await call(serviceCall());
    expect(time.slept).toEqual([10_000]);
    time.pass(10_000);
    await call(serviceCall());
    await call(serviceCall());
    expect(time.slept).toEqual([10_000]);
  });

  it("keeps silent as long as the service said after a throttling", async () => {
    const time = fakeTime();
    let throttled = true;
    const { call } = through(requestBudget({ clock: time.clock, sleep: time.sleep }), () => {
      if (!throttled) return answerOf();
      throttled = false;
      throw new ThrottledError("slow down", 33_000);
    });
    await expect(call(serviceCall())).rejects.toThrow("slow down");
    await call(serviceCall());
    expect(time.slept).toEqual([33_000]);
  });

  it("fails at once when the call may not take as long as the wait", async () => {
    const time = fakeTime();
    const { call, reached } = through(requestBudget({ clock: time.clock, sleep: time.sleep, requests: 1 }));
    await call(serviceCall());
    await expect(call(serviceCall({ wait: { timeoutMs: 3_000 } }))).rejects.toMatchObject({
      code: "ERR_KSM_THROTTLED",
      retryAfterMs: 10_000,
      endpoint: "get_secret",
    });
    expect(reached).toHaveLength(1);
  });

  it("lets the next one go when a waiting call is aborted", async () => {
    let letGo = (): void => {};
    const { call, reached } = through(requestBudget({ requests: 1, windowMs: 1, clock: () => 0 }), () => {
      if (reached.length > 1) return answerOf();
      return new Promise((resolve) => {
        letGo = () => resolve(answerOf());
      });
    });
    const first = call(serviceCall());
    const controller = new AbortController();
    const second = call(serviceCall({ wait: { signal: controller.signal, timeoutMs: 1_000 } }));
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
    expect(reached).toHaveLength(1);
    letGo();
    await first;
  });
});
