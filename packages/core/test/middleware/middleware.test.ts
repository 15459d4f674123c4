import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
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
