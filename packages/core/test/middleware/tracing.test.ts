import { subscribe, tracingChannel, unsubscribe } from "node:diagnostics_channel";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { traceCalls } from "../../src/middleware/trace-calls.ts";
import { publishCalls } from "../../src/node/publish-calls.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";
import { serviceCall, through } from "./service.ts";

let vault: Vault;
beforeAll(async () => {
  vault = await startLocalVault();
});
afterAll(() => vault.close());

it("traceCalls opens and ends one span per call, without uids or values", async () => {
  const spans: { name: string; attributes: Record<string, unknown>; status?: unknown; ended: number }[] = [];
  const tracer = {
    startSpan(name: string, { kind, attributes }: { kind: number; attributes: Record<string, unknown> }) {
      const span = { name, kind, attributes: { ...attributes }, ended: 0, status: undefined as unknown };
      spans.push(span);
      return {
        setAttribute: (key: string, value: unknown) => (span.attributes[key] = value),
        setStatus: (status: unknown) => (span.status = status),
        end: () => span.ended++,
      };
    },
  };
  const manager = localClient(vault, { middleware: traceCalls({ tracer }) });
  await manager.bind();
  const { records } = await manager.getSecrets();
  const [first] = records;
  await manager.getRecord(first?.uid ?? "");
  vault.faults.add({ kind: "status", status: 500 });
  await expect(manager.getSecrets()).rejects.toThrow();
  vault.faults.clear();
  expect(spans.slice(2)).toEqual([
    {
      name: "ksm get_secret",
      kind: 2,
      ended: 1,
      status: undefined,
      attributes: expect.objectContaining({ "ksm.kind": "read", "ksm.source": "service" }) as unknown,
    },
    expect.objectContaining({
      attributes: expect.objectContaining({ "ksm.records.requested": 1 }) as unknown,
    }),
    expect.objectContaining({
      ended: 1,
      status: { code: 2, message: "ERR_KSM_TRANSPORT_REFUSED" },
      attributes: expect.objectContaining({ "error.type": "ERR_KSM_TRANSPORT_REFUSED" }) as unknown,
    }),
  ]);
  expect(JSON.stringify(spans)).not.toContain(first?.uid);
});

it("publishCalls tells subscribers and nobody else, and never the answer", async () => {
  const seen: Record<string, unknown>[] = [];
  const onEnd = (event: unknown): void => {
    seen.push({ ...(event as object) });
  };
  const manager = localClient(vault, { token: vault.ksm.oneTimeTokens[1], middleware: publishCalls() });
  await manager.bind();
  subscribe("tracing:ksmkit.call:asyncEnd", onEnd);
  const { records } = await manager.getSecrets();
  unsubscribe("tracing:ksmkit.call:asyncEnd", onEnd);
  await manager.getSecrets();
  expect(records.length).toBeGreaterThan(0);
  expect(seen).toEqual([
    {
      endpoint: "get_secret",
      kind: "read",
      hostname: vault.ksm.hostname,
      requestedRecords: undefined,
      source: "service",
      result: undefined,
    },
  ]);
});

it("publishCalls publishes failures and passes them on", async () => {
  const errors: unknown[] = [];
  const channel = tracingChannel("ksmkit.call");
  const onError = (event: unknown): void => {
    errors.push((event as { error?: unknown }).error);
  };
  channel.error.subscribe(onError);
  const failure = new Error("down");
  const { call } = through(publishCalls(), () => {
    throw failure;
  });
  await expect(call(serviceCall())).rejects.toBe(failure);
  channel.error.unsubscribe(onError);
  expect(errors).toEqual([failure]);
});
