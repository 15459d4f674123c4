import type { WaitOptions } from "@ksmkit/common";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import type { SecretsManagerOptions } from "../../src/client/secrets-manager-options.ts";
import { memoryStorage } from "../../src/config/storage.ts";
import { coalesceReads } from "../../src/middleware/coalesce-reads.ts";
import type { Middleware, ServiceResponse, ServiceCall } from "../../src/middleware/middleware.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";

let vault: Vault;
beforeAll(async () => {
  vault = await startLocalVault({ tokens: 8 });
});
afterAll(() => vault.close());

let taken = 0;
function clientWith(middleware: Middleware | readonly Middleware[], more: object = {}) {
  return localClient(vault, { middleware, token: vault.ksm.oneTimeTokens[taken++], ...more });
}

/** A client of a device that was bound by another one, so that the functions see nothing of the binding. */
async function boundClient(
  middleware: SecretsManagerOptions["middleware"],
  more: Partial<SecretsManagerOptions> = {},
): Promise<SecretsEditor> {
  const storage = memoryStorage();
  await localClient(vault, { storage, token: await vault.newToken() }).bind();
  return localClient(vault, { storage, middleware, token: undefined, ...more });
}

it("shows every call, what it is for and whose it is", async () => {
  const calls: ServiceCall[] = [];
  const manager = clientWith((call, next) => {
    calls.push(call);
    return next(call);
  });
  const { records } = await manager.getSecrets();
  await manager.getFolders({ fresh: true });
  const record = records.find(({ isEditable, title }) => isEditable && title === "Web shop");
  record?.setField("login", "carol");
  if (record) await manager.updateRecord(record);
  expect(calls.map(({ kind, endpoint, fresh }) => [kind, endpoint, fresh])).toEqual([
    ["bind", "get_secret", true],
    ["bind", "get_secret", true],
    ["read", "get_folders", true],
    ["write", "update_secret", true],
    ["read", "get_secret", true],
  ]);
  expect(calls[0]?.device.appKey).toBeUndefined();
  expect(calls[2]?.device).toMatchObject({ hostname: vault.ksm.hostname });
  expect(calls[2]?.device.appKey).toHaveLength(32);
  expect(calls.every(({ wait }) => wait.timeoutMs === 600_000)).toBe(true);
});

it("tells who answered, when, and how old that is, on the result and on each record", async () => {
  let now = 1_000;
  const kept = new Map<string, ServiceResponse>();
  const manager = clientWith(
    async (call, next) => {
      const key = call.endpoint + JSON.stringify(call.payload);
      const known = call.kind === "read" && !call.fresh ? kept.get(key) : undefined;
      if (known !== undefined) return { ...known, source: "cache" };
      const answer = await next(call);
      kept.set(key, answer);
      return answer;
    },
    { clock: () => now },
  );
  await manager.bind();
  const first = await manager.getSecrets();
  expect(first.freshness).toEqual({ source: "service", fetchedAt: 1_000, ageMs: 0 });
  now = 4_500;
  const second = await manager.getSecrets();
  expect(second.freshness).toEqual({ source: "cache", fetchedAt: 1_000, ageMs: 3_500 });
  expect(second.records[0]?.freshness).toBe(second.freshness);
  expect((await manager.getSecrets({ fresh: true })).freshness.source).toBe("service");
  now = 500;
  expect((await manager.getSecrets()).freshness.ageMs).toBe(0);
  expect((await manager.getFolders()).freshness.source).toBe("service");
});

it("asks the functions of a list in order", async () => {
  const order: string[] = [];
  const named =
    (name: string): Middleware =>
    async (call, next) => {
      order.push(`${name} asks`);
      const answer = await next(call);
      order.push(`${name} has it`);
      return answer;
    };
  await clientWith([named("outer"), named("inner")]).getSecrets({ uids: "A".repeat(22) });
  expect(order.slice(0, 4)).toEqual(["outer asks", "inner asks", "inner has it", "outer has it"]);
});

it("sends what a function makes of the question", async () => {
  const manager = clientWith((call, next) =>
    next(call.kind === "read" ? { ...call, payload: { ...call.payload, requestLinks: true } } : call),
  );
  await manager.bind();
  await manager.getSecrets();
  expect(vault.log.at(-1)?.payload).toMatchObject({ requestLinks: true });
});

it("refuses anything but functions", () => {
  for (const call of [null, {}, "cache", [undefined], [1]]) {
    expect(() => localClient(vault, { middleware: call as never })).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  }
});

describe("a function that never settles", () => {
  const never: Middleware = () => new Promise(() => {});
  const calls = {
    getSecrets: (manager: SecretsEditor, wait: WaitOptions) => manager.getSecrets(wait),
    getFolders: (manager: SecretsEditor, wait: WaitOptions) => manager.getFolders(wait),
    deleteRecords: (manager: SecretsEditor, wait: WaitOptions) =>
      manager.deleteRecords(["A".repeat(22)], wait),
  };
  const places: Record<string, SecretsManagerOptions["middleware"]> = {
    alone: never,
    "before another": [never, (call, next) => next(call)],
    "after another": [(call, next) => next(call), never],
  };
  for (const [place, middleware] of Object.entries(places)) {
    for (const [name, call] of Object.entries(calls)) {
      it(`${place} ends ${name} at the caller's time limit`, async () => {
        const manager = await boundClient(middleware);
        await expect(call(manager, { timeoutMs: 1 })).rejects.toMatchObject({
          code: "ERR_KSM_TRANSPORT_TIMEOUT",
          retryable: true,
          message: expect.stringContaining("longer than 1 ms"),
        });
      });

      it(`${place} ends ${name} when the caller aborts`, async () => {
        const manager = await boundClient(middleware);
        const controller = new AbortController();
        const pending = call(manager, { signal: controller.signal });
        controller.abort();
        await expect(pending).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
      });
    }
  }

  it("ends at the client's own limit where the caller sets none", async () => {
    const manager = await boundClient(never, { totalTimeoutMs: 1 });
    await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_TIMEOUT" });
  });

  it("ends the binding", async () => {
    await expect(clientWith(never).getSecrets({ timeoutMs: 1 })).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_TIMEOUT",
    });
  });

  it("is aborted by its signal, and so is what it begins afterwards", async () => {
    let ended: unknown;
    let late: Promise<unknown> | undefined;
    const manager = await boundClient((call, next) => {
      call.wait.signal?.addEventListener("abort", () => {
        ended = call.wait.signal?.reason;
        late = next(call);
      });
      return new Promise(() => {});
    });
    const requests = vault.log.length;
    await expect(manager.getSecrets({ timeoutMs: 1 })).rejects.toThrow();
    expect(ended).toBeInstanceOf(Error);
    await expect(late).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
    expect(vault.log).toHaveLength(requests);
  });

  it("as post function ends with the call too", async () => {
    const manager = await boundClient([], { post: () => new Promise(() => {}) });
    await expect(manager.getSecrets({ timeoutMs: 1 })).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_TIMEOUT",
    });
  });
});

it("returns what a function has stored when the service takes all of the caller's time", async () => {
  const stored: ServiceResponse = { json: { records: [] }, source: "cache", fetchedAt: 0 };
  const manager = await boundClient(
    async (call, next) => {
      try {
        return await next(call);
      } catch {
        return stored;
      }
    },
    { fetch: () => new Promise(() => {}) },
  );
  expect((await manager.getSecrets({ timeoutMs: 20 })).freshness.source).toBe("cache");
});

it("hands the context of a read to the functions, and joins no such read with others", async () => {
  const seen: unknown[] = [];
  const context = { purpose: "audit" };
  const manager = await boundClient([
    coalesceReads(),
    (call, next) => {
      seen.push(call.context);
      return next(call);
    },
  ]);
  await Promise.all([manager.getSecrets({ context }), manager.getSecrets(), manager.getSecrets()]);
  await manager.getFolders({ context });
  expect(seen).toHaveLength(3);
  expect(seen.filter((one) => one === context)).toHaveLength(2);
});

it("shows the received bytes beside the object that was parsed from them", async () => {
  const responses: ServiceResponse[] = [];
  const manager = await boundClient(async (call, next) => {
    const response = await next(call);
    responses.push(response);
    return response;
  });
  await manager.getSecrets();
  const [{ json, received } = {}] = responses;
  expect(received?.json).toBe(json);
  expect(JSON.parse(new TextDecoder().decode(received?.bytes))).toEqual(json);
});
