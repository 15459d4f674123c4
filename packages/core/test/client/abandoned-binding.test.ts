/** A binding or request that its callers have aborted does not reach later callers. */
import { expect, it } from "vitest";
import { coalesceReads } from "../../src/middleware/coalesce-reads.ts";
import type { PostFunction } from "../../src/transport/post.ts";
import { answerOf, serviceCall, through } from "../middleware/service.ts";
import { localClient, startLocalVault } from "./local-client.ts";

it("a call that comes after everybody gave a binding up binds by itself", async () => {
  const vault = await startLocalVault({ tokens: 4 });
  for (const token of vault.ksm.oneTimeTokens) {
    let slow = true;
    const post: PostFunction = async (request, deadline, next) => {
      if (slow) {
        await new Promise<void>((resolve) => {
          deadline.signal.addEventListener("abort", () => resolve());
        });
      }
      return next(request, deadline);
    };
    const manager = localClient(vault, { token, post });
    const controller = new AbortController();
    const first = manager.getSecrets({ signal: controller.signal });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    controller.abort();
    slow = false;
    const second = manager.getSecrets();
    await expect(first).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
    expect((await second).records.length).toBeGreaterThan(0);
    expect((await manager.getSecrets()).records.length).toBeGreaterThan(0);
  }
  await vault.close();
});

it("a binding that was given up after the service had answered is taken up, not repeated", async () => {
  const vault = await startLocalVault();
  const controller = new AbortController();
  const manager = localClient(vault, {
    post: async (request, deadline, next) => {
      const answer = await next(request, deadline);
      controller.abort();
      return answer;
    },
  });
  await expect(manager.getSecrets({ signal: controller.signal })).rejects.toMatchObject({
    code: "ERR_KSM_ABORTED",
  });
  expect((await manager.getSecrets()).records.length).toBeGreaterThan(0);
  await vault.close();
});

it("a read joins no request that everybody has given up, whatever the moment", async () => {
  for (let hops = 0; hops < 40; hops++) {
    const { call } = through(coalesceReads(), async ({ wait }) => {
      await undefined;
      wait.signal?.throwIfAborted();
      return answerOf();
    });
    const controller = new AbortController();
    const first = call(serviceCall({ wait: { signal: controller.signal, timeoutMs: 1e6 } }));
    first.catch(() => {});
    for (let i = 0; i < hops; i++) await undefined;
    controller.abort();
    for (let i = 0; i < hops % 7; i++) await undefined;
    await expect(call(serviceCall())).resolves.toMatchObject({ source: "service" });
    await first.catch(() => {});
  }
});
