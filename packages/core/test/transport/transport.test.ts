import { inspect } from "node:util";
import { Deadline, HttpError, type FetchRequest } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../src/protocol/wire.ts";
import { serverKeyFor } from "../../src/protocol/server-keys.ts";
import { Transport, type PostFunction, type TransportOptions } from "../../src/transport/transport.ts";
import { fixedKey, harness, refuse, sealText, success, type Harness, type Step } from "./fake-service.ts";

const payload = { clientVersion: "ms17.5.0", clientId: "topsecret-client" };
const call = async ({ transport, session }: Harness, endpoint: Endpoint = "get_secret", wait = {}) =>
  (await transport.call(endpoint, payload, session, wait)).json;
const keyIds = ({ requests }: Harness) => requests.map(({ headers }) => headers["PublicKeyId"]);
const throttled = refuse(403, { error: "throttled" });
const rotateTo = (id: unknown): Step => refuse(401, { error: "key", key_id: id });
const stale = new HttpError("network", "vault.example:8443: waiting failed (ECONNRESET)", {
  reusedSocket: true,
});
const custom = { ...serverKeyFor("7"), id: "77", custom: true } as const;

describe("the request", () => {
  it("goes to the endpoint's address with the headers of section 8.1", async () => {
    const h = await harness([success()], { userAgent: "tool/1" });
    await call(h);
    const [request] = h.requests as [FetchRequest];
    expect(h.urls).toEqual(["https://vault.example:8443/api/rest/sm/v1/get_secret"]);
    expect(Object.keys(request.headers)).toEqual([
      "Content-Type",
      "PublicKeyId",
      "TransmissionKey",
      "Authorization",
      "User-Agent",
    ]);
    expect(request).toMatchObject({
      method: "POST",
      redirect: "manual",
      headers: { "User-Agent": "tool/1" },
    });
    expect(request.headers["TransmissionKey"]).toMatch(/^[A-Za-z0-9+/]{167}=$/);
    expect(request.headers["Authorization"]).toMatch(/^Signature [A-Za-z0-9+/]{90,96}={0,2}$/);
    expect(request.body).toHaveLength(JSON.stringify(payload).length + 28);
  });

  it("is sealed anew for every attempt, and every transmission key is wiped", async () => {
    const h = await harness([throttled, rotateTo(8), throttled, success()]);
    await call(h);
    for (const name of ["TransmissionKey", "Authorization"]) {
      expect(new Set(h.requests.map(({ headers }) => headers[name])).size).toBe(4);
    }
    expect(h.keys).toHaveLength(4);
    for (const key of h.keys) expect(key.every((byte) => byte === 0)).toBe(true);
  });

  it("wipes the key after a failure too", async () => {
    const h = await harness([new Error("down")]);
    await expect(call(h)).rejects.toThrow();
    expect(h.keys.flatMap((key) => [...key])).toEqual(Array.from({ length: 32 }, () => 0));
  });
});

describe("successes", () => {
  it("gives the opened answer", async () => {
    expect(await call(await harness([success({ records: [] })]))).toEqual({ records: [] });
  });

  it.each<Endpoint>([
    "create_secret",
    "update_secret",
    "finalize_secret_update",
    "rollback_secret_update",
    "create_folder",
    "update_folder",
  ])("takes an empty answer of %s as success", async (endpoint) => {
    expect(await call(await harness([{ body: null }]), endpoint)).toBeNull();
    expect(await call(await harness([success({ later: 1 })]), endpoint)).toEqual({ later: 1 });
  });

  it.each<Endpoint>(["get_secret", "get_folders", "delete_secret", "delete_folder", "add_file"])(
    "refuses an empty answer of %s",
    async (endpoint) => {
      await expect(call(await harness([{ body: null }]), endpoint)).rejects.toMatchObject({
        code: "ERR_KSM_TRANSPORT_BAD_RESPONSE",
        endpoint,
      });
    },
  );

  it.each([201, 204, 206, 302])("takes only 200 as success, not %i", async (status) => {
    const body = status === 204 ? null : sealText("{}");
    await expect(call(await harness([{ status, body }]))).rejects.toMatchObject({
      resultCode: "http_error",
      status,
    });
  });
});

describe("server keys", () => {
  it("stores a new id after the success under it, once", async () => {
    const h = await harness([rotateTo(8), throttled, rotateTo("12"), success()]);
    await call(h);
    expect([keyIds(h), h.saved, h.sleeps.length]).toEqual([["10", "8", "8", "12"], ["12"], 1]);
  });

  it("stores it after a silent success too", async () => {
    const h = await harness([rotateTo(8), { body: null }]);
    expect([await call(h, "create_secret"), h.saved]).toEqual([null, ["8"]]);
  });

  it.each<[string, Step[], number]>([
    ["an unknown id", [rotateTo(99)], 1],
    ["no id", [rotateTo(undefined)], 1],
    ["a nonsense id", [rotateTo("eight")], 1],
    ["the id in use", [rotateTo(10)], 1],
    ["another id for ever", [rotateTo(8), rotateTo(9), rotateTo(8), rotateTo(9)], 4],
    ["the new id again and again", [rotateTo(8)], 4],
    ["a good id, then refuses", [rotateTo(8), refuse(403, { error: "access_denied" })], 2],
    ["a good id, then breaks", [rotateTo(8), { body: sealText("[]") }], 2],
  ])("stores nothing when the service names %s", async (_name, steps, calls) => {
    const h = await harness(steps);
    await expect(call(h)).rejects.toMatchObject({ retryable: false });
    expect([h.requests.length, h.saved, h.sleeps]).toEqual([calls, [], []]);
  });

  it("names both ids and rotates nothing when a custom key is configured", async () => {
    const h = await harness([rotateTo(8)], {}, custom as never);
    const error: unknown = await call(h).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "ERR_KSM_TRANSPORT_SERVER_KEY", resultCode: "key", status: 401 });
    expect(String(error)).toMatch(/key 8\b.*key 77\b/);
    expect([h.requests.length, h.saved]).toEqual([1, []]);
  });

  it("passes on the failure to store an id", async () => {
    const h = await harness([rotateTo(8), success()]);
    const session = { ...h.session, saveServerKeyId: () => Promise.reject(new Error("disk full")) };
    await expect(h.transport.call("get_secret", payload, session)).rejects.toThrow("disk full");
  });
});

describe("throttling", () => {
  it("waits 11, 22, 44, 88, 176 s, then gives up", async () => {
    const h = await harness([throttled]);
    const error: unknown = await call(h).catch((caught: unknown) => caught);
    expect(h.sleeps).toEqual([11_000, 22_000, 44_000, 88_000, 176_000]);
    expect(error).toMatchObject({
      code: "ERR_KSM_THROTTLED",
      name: "ThrottledError",
      retryable: true,
      retryAfterMs: 176_000,
      status: 403,
      resultCode: "throttled",
      endpoint: "get_secret",
    });
    expect(String(error)).toContain("6 attempts");
  });

  it("obeys the body and the header of 403 and 429 alike", async () => {
    const h = await harness(
      [
        refuse(429, { error: "throttled", retry_after: 4 }, { "Retry-After": "3" }),
        { status: 429, body: "slow down", headers: { "Retry-After": "8" } },
        { status: 429, body: null, headers: { "Retry-After": "Thu, 01 Jan 1970 00:00:16 GMT" } },
        success(),
      ],
      { clock: () => 0 },
    );
    await call(h);
    expect(h.sleeps).toEqual([4500, 9000, 18_000]);
  });

  it.each([0, 1, 2])("repeats %i times when told so", async (maxThrottleRetries) => {
    const h = await harness([throttled], { maxThrottleRetries });
    await expect(call(h)).rejects.toMatchObject({ code: "ERR_KSM_THROTTLED" });
    expect([h.requests.length, h.sleeps.length]).toEqual([maxThrottleRetries + 1, maxThrottleRetries]);
  });

  it("does not start a wait that the time limit would cut", async () => {
    const h = await harness([throttled], { totalTimeoutMs: 20_000 });
    await expect(call(h)).rejects.toMatchObject({ code: "ERR_KSM_THROTTLED", retryAfterMs: 22_000 });
    expect(h.sleeps).toEqual([11_000]);
    const perCall = await harness([throttled]);
    await expect(call(perCall, "get_secret", { timeoutMs: 5000 })).rejects.toMatchObject({
      retryAfterMs: 11_000,
    });
    expect(perCall.sleeps).toEqual([]);
  });

  it.each([
    ["Retry-After: 300", { status: 429, body: null, headers: { "Retry-After": "300" } }, 300_000],
    ["retry_after: 300", refuse(403, { error: "throttled", retry_after: 300 }), 300_000],
    ['retry_after: "400"', refuse(429, { error: "throttled", retry_after: "400" }), 400_000],
  ])("waits no shorter than named: %s", async (_name, step, namedMs) => {
    const h = await harness([step, success()]);
    await call(h);
    expect(h.sleeps).toEqual([namedMs * 1.125]);
  });

  it.each([
    ["retry_after: 3600", refuse(403, { error: "throttled", retry_after: 3600 }), 3_600_000],
    ["Retry-After: 3600", { status: 429, body: null, headers: { "Retry-After": "3600" } }, 3_600_000],
    ["Retry-After: 1e10 s", { status: 429, body: null, headers: { "Retry-After": "10000000000" } }, 1e13],
    ["retry_after: 1e300", refuse(429, { error: "throttled", retry_after: 1e300 }), Number.MAX_SAFE_INTEGER],
  ])("fails at once where the named wait does not fit: %s", async (_name, step, namedMs) => {
    const h = await harness([step, success()]);
    await expect(call(h)).rejects.toMatchObject({
      code: "ERR_KSM_THROTTLED",
      retryable: true,
      retryAfterMs: namedMs,
      message: expect.stringContaining(`for ${Math.ceil(namedMs / 1000)} s`) as unknown,
    });
    expect([h.requests.length, h.sleeps]).toEqual([1, []]);
  });

  it("carries the named wait also after the last attempt", async () => {
    const h = await harness([refuse(429, { error: "throttled", retry_after: 20 })]);
    await expect(call(h)).rejects.toMatchObject({ retryAfterMs: 20_000 });
    expect(h.sleeps).toEqual([22_500, 22_500, 22_500, 22_500, 22_500]);
  });

  it("announces every repetition before its wait, with its reason", async () => {
    const stale = new HttpError("network", "h: reset", { reusedSocket: true });
    const h = await harness([throttled, rotateTo(8), stale, throttled, success()]);
    const notices: unknown[] = [];
    const onRetry = (notice: object): void => void notices.push({ ...notice, before: h.sleeps.length });
    await h.transport.call("get_secret", payload, h.session, { onRetry });
    expect(notices).toEqual([
      { endpoint: "get_secret", reason: "throttled", attempt: 2, delayMs: 11_000, before: 0 },
      { endpoint: "get_secret", reason: "server_key", attempt: 3, delayMs: 0, before: 1 },
      { endpoint: "get_secret", reason: "connection_closed", attempt: 4, delayMs: 0, before: 1 },
      { endpoint: "get_secret", reason: "throttled", attempt: 5, delayMs: 22_000, before: 1 },
    ]);
  });

  it("announces nothing where nothing follows, and ends with what the listener throws", async () => {
    const refused = await harness([refuse(403, { error: "access_denied" })]);
    const onRetry = (): never => {
      throw new Error("stop here");
    };
    await expect(
      refused.transport.call("get_secret", payload, refused.session, { onRetry }),
    ).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" });
    const h = await harness([throttled, success()]);
    await expect(h.transport.call("get_secret", payload, h.session, { onRetry })).rejects.toThrow(
      "stop here",
    );
    expect(h.sleeps).toEqual([]);
  });

  it("can be aborted while waiting", async () => {
    const controller = new AbortController();
    const h = await harness([throttled], {
      sleep: (_ms, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason as Error));
          controller.abort(new Error("enough"));
        }),
    });
    await expect(call(h, "get_secret", { signal: controller.signal })).rejects.toMatchObject({
      code: "ERR_KSM_ABORTED",
      cause: { message: "enough" },
    });
    expect(h.requests).toHaveLength(1);
  });

  it("notices an abort behind a sleep that ignores it, and passes on a sleep's own failure", async () => {
    const controller = new AbortController();
    const deaf = await harness([throttled], { sleep: async () => controller.abort() });
    await expect(call(deaf, "get_secret", { signal: controller.signal })).rejects.toMatchObject({
      name: "AbortedError",
    });
    const broken = await harness([throttled], { sleep: () => Promise.reject(new Error("no timer")) });
    await expect(call(broken)).rejects.toThrow("no timer");
  });
});

describe("failures of the exchange", () => {
  it.each<[Error, string, boolean]>([
    [new HttpError("network", "h: connecting failed (ENOTFOUND)"), "ERR_KSM_TRANSPORT_NETWORK", true],
    [new HttpError("proxy", "proxy p: answered 407"), "ERR_KSM_TRANSPORT_NETWORK", false],
    [new HttpError("tls", "h: securing the connection failed"), "ERR_KSM_TRANSPORT_TLS", false],
    [new HttpError("timeout", "h: timed out"), "ERR_KSM_TRANSPORT_TIMEOUT", true],
    [new HttpError("bad_response", "h: not HTTP"), "ERR_KSM_TRANSPORT_BAD_RESPONSE", false],
    [new HttpError("options", "h: unusable"), "ERR_KSM_ARGUMENT_INVALID", false],
    [new TypeError("fetch failed"), "ERR_KSM_TRANSPORT_NETWORK", true],
    [Object.assign(new Error("x"), { code: "CERT_HAS_EXPIRED" }), "ERR_KSM_TRANSPORT_TLS", false],
  ])("%o is %s", async (error, code, retryable) => {
    const h = await harness([error]);
    const caught: unknown = await call(h).catch((failure: unknown) => failure);
    expect(caught).toMatchObject({ code, retryable });
    expect(inspect(caught, { depth: 9 })).not.toContain("topsecret");
    expect(h.requests).toHaveLength(1);
  });

  it("refuses an answer over the limit", async () => {
    const h = await harness([success({ long: "x".repeat(200) })], { maxResponseBytes: 100 });
    await expect(call(h)).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_TOO_LARGE" });
  });

  it.each<[string, TransportOptions, object]>([
    ["attempt", { timeoutMs: 10 }, {}],
    ["call", { totalTimeoutMs: 10 }, {}],
    ["single call", {}, { timeoutMs: 10 }],
  ])("ends with the limit of the %s", async (_name, options, wait) => {
    const network = { fetch: () => new Promise<never>(() => {}), close: () => {} };
    const h = await harness([], { network, ...options });
    const error: unknown = await call(h, "get_secret", wait).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "ERR_KSM_TRANSPORT_TIMEOUT",
      retryable: true,
      endpoint: "get_secret",
    });
    expect(String(error)).toContain("10 ms");
  });

  it("ends when the caller aborts, before and during the call", async () => {
    const network = { fetch: () => new Promise<never>(() => {}), close: () => {} };
    const h = await harness([], { network });
    const controller = new AbortController();
    const pending = call(h, "get_secret", { signal: controller.signal });
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
    await expect(call(h, "get_secret", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ERR_KSM_ABORTED",
    });
  });

  it("refuses unusable network options when it is made", () => {
    for (const network of [{ proxyUrl: "socks5://p" }, { ca: "x" }]) {
      expect(() => new Transport({ network })).toThrow(
        expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
      );
    }
  });
});

describe("lost kept-alive connections", () => {
  it("repeats a read once, sealed anew", async () => {
    const h = await harness([stale, success()]);
    expect(await call(h)).toEqual({ ok: true });
    expect(new Set(h.requests.map(({ headers }) => headers["TransmissionKey"])).size).toBe(2);
    const again = await harness([stale]);
    await expect(call(again)).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
    expect(again.requests).toHaveLength(2);
  });

  it.each<[string, Endpoint, object]>([
    ["a write", "create_secret", payload],
    ["a deletion", "delete_secret", payload],
    ["an enrolment", "get_secret", { ...payload, publicKey: "" }],
  ])("never repeats %s", async (_name, endpoint, request) => {
    const h = await harness([stale]);
    await expect(h.transport.call(endpoint, request, h.session)).rejects.toMatchObject({ retryable: true });
    expect(h.requests).toHaveLength(1);
  });

  it("repeats nothing after a reset of a fresh connection", async () => {
    const h = await harness([new HttpError("network", "reset"), success()]);
    await expect(call(h)).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_NETWORK" });
    expect(h.requests).toHaveLength(1);
  });
});

describe("post functions", () => {
  const answer = (bytes: Uint8Array, status = 200) => ({ status, header: () => null, bytes });

  it("see the sealed request and may wrap the posting", async () => {
    const seen: unknown[] = [];
    const post: PostFunction = async (request, deadline, next) => {
      const { endpoint, url, transmissionKey } = request;
      seen.push(endpoint, url, transmissionKey.publicKeyId, deadline instanceof Deadline);
      return next(request, deadline);
    };
    const h = await harness([success()], { post });
    expect(await call(h)).toEqual({ ok: true });
    expect(seen).toEqual(["get_secret", h.urls[0], 10, true]);
  });

  it("may answer with older bytes and their key", async () => {
    const olderKey = new Uint8Array(32).fill(9);
    const post: PostFunction = async (request) => {
      request.transmissionKey.key = olderKey;
      return answer(sealText('{"old":true}', olderKey));
    };
    const h = await harness([], { post });
    expect(await call(h)).toEqual({ old: true });
    expect(olderKey[0], "only keys of the transport are wiped").toBe(9);
  });

  it("may answer after the attempt has timed out", async () => {
    const network = { fetch: () => new Promise<never>(() => {}), close: () => {} };
    const post: PostFunction = async (request, deadline, next) => {
      try {
        return await next(request, deadline);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 5));
        return answer(sealText('{"cached":true}'));
      }
    };
    for (const options of [{ timeoutMs: 5 }, { totalTimeoutMs: 5 }]) {
      expect(await call(await harness([], { network, post, ...options }))).toEqual({ cached: true });
    }
  });

  it("are cut short when the caller aborts", async () => {
    const controller = new AbortController();
    const h = await harness([], { post: () => new Promise(() => {}) });
    const pending = call(h, "get_secret", { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(pending).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
  });

  it("throw through, except failures of the exchange", async () => {
    const own = new RangeError("from the function");
    await expect(call(await harness([], { post: () => Promise.reject(own) }))).rejects.toBe(own);
    await expect(call(await harness([stale], { post: (r, d, next) => next(r, d) }))).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_NETWORK",
    });
  });

  it.each([undefined, null, {}, { status: "200", bytes: new Uint8Array() }, { status: 200, bytes: "text" }])(
    "that answer %j are refused",
    async (nonsense) => {
      const post = (async () => nonsense) as unknown as PostFunction;
      await expect(call(await harness([], { post }))).rejects.toMatchObject({
        code: "ERR_KSM_TRANSPORT_BAD_RESPONSE",
      });
    },
  );

  it("take part in throttling and rotation", async () => {
    const steps = [
      answer(new TextEncoder().encode('{"error":"key","key_id":8}'), 401),
      answer(sealText("{}")),
    ];
    let at = 0;
    const h = await harness([], { post: async () => steps[at++] ?? answer(fixedKey) });
    expect([await call(h), h.saved]).toEqual([{}, ["8"]]);
  });
});

describe("close", () => {
  it("leaves a network alone that the caller owns", async () => {
    let closed = 0;
    const network = { fetch: () => Promise.reject(new Error("unused")), close: () => void closed++ };
    new Transport({ network }).close();
    expect(closed).toBe(0);
    expect(() => new Transport().close()).not.toThrow();
  });
});
