/** Limits and refusals of the transport that other clients lack (ksm-protocol section 22), by their numbers there. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createNetworkFetch, Deadline, exchange } from "@ksmkit/common";
import { expect, it } from "vitest";
import { harness, refuse, success } from "./fake-service.ts";

const payload = { clientId: "c" };

it("5: an endless key rotation ends, and an unsupported id is not stored", async () => {
  const endless = await harness([
    refuse(401, { error: "key", key_id: 8 }),
    refuse(401, { error: "key", key_id: 9 }),
  ]);
  await expect(endless.transport.call("get_secret", payload, endless.session)).rejects.toMatchObject({
    code: "ERR_KSM_TRANSPORT_SERVER_KEY",
  });
  expect([endless.requests.length, endless.saved]).toEqual([4, []]);

  const unsupported = await harness([refuse(401, { error: "key", key_id: 99 }), success()]);
  await expect(unsupported.transport.call("get_secret", payload, unsupported.session)).rejects.toThrow(/99/);
  expect(unsupported.saved).toEqual([]);
  // The next call is as good as the first.
  expect(await unsupported.transport.call("get_secret", payload, unsupported.session)).toMatchObject({
    json: { ok: true },
  });
});

it("6: status 429 is a throttle", async () => {
  const h = await harness([{ status: 429, body: null }, success()]);
  await h.transport.call("get_secret", payload, h.session);
  expect(h.sleeps).toHaveLength(1);
});

it("7: throttle and rotation are found in bodies over 1000 bytes", async () => {
  const path = "p".repeat(5000);
  const h = await harness([
    refuse(403, { path, error: "throttled" }),
    refuse(401, { path, error: "key", key_id: 8 }),
    success(),
  ]);
  await h.transport.call("get_secret", payload, h.session);
  expect([h.sleeps.length, h.saved]).toEqual([1, ["8"]]);
});

it("35: redirects are not followed and a TLS failure is final", async () => {
  const redirected = await harness([
    { status: 302, body: null, headers: { Location: "https://evil.example/" } },
  ]);
  await expect(redirected.transport.call("get_secret", payload, redirected.session)).rejects.toMatchObject({
    status: 302,
  });
  expect(redirected.requests.map(({ redirect }) => redirect)).toEqual(["manual"]);

  const untrusted = await harness([
    Object.assign(new Error("x"), { code: "SELF_SIGNED_CERT_IN_CHAIN" }),
    success(),
  ]);
  await expect(untrusted.transport.call("get_secret", payload, untrusted.session)).rejects.toMatchObject({
    code: "ERR_KSM_TRANSPORT_TLS",
    retryable: false,
  });
  expect(untrusted.requests).toHaveLength(1);
});

it("39: a service that never answers is left by time limit or by signal", async () => {
  const never = { fetch: () => new Promise<never>(() => {}), close: () => {} };
  const h = await harness([], { network: never, timeoutMs: 10 });
  await expect(h.transport.call("create_secret", payload, h.session)).rejects.toMatchObject({
    code: "ERR_KSM_TRANSPORT_TIMEOUT",
  });
  const controller = new AbortController();
  const patient = await harness([], { network: never });
  const pending = patient.transport.call("create_secret", payload, patient.session, {
    signal: controller.signal,
  });
  controller.abort();
  await expect(pending).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
});

it("41: a body in many pieces is joined once and bounded", async () => {
  const piece = Buffer.alloc(1024, 1);
  const server = createServer((_request, response) => {
    for (let i = 0; i < 4096; i++) response.write(piece);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const network = createNetworkFetch({ env: {} });
  using deadline = new Deadline({ timeoutMs: 8000 });
  const get = (maxBytes: number) =>
    exchange(network.fetch, url, { method: "GET", headers: {} }, { deadline, maxBytes });
  try {
    const { bytes } = await get(1 << 22);
    expect([bytes.length, bytes.every((byte) => byte === 1)]).toEqual([1 << 22, true]);
    await expect(get((1 << 22) - 1)).rejects.toMatchObject({ kind: "too_large" });
  } finally {
    network.close();
    server.close();
  }
});
