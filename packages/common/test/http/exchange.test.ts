import { describe, expect, it } from "vitest";
import type { PushBody } from "../../src/http/fetch-types.ts";
import { Deadline, exchange, HttpError, type FetchLike, type FetchResponse } from "../../src/index.ts";

const request = { method: "GET", headers: {} };
const url = "https://vault.example:8443/secret/path?signature=hidden";

function answer(
  body: FetchResponse["body"] | Uint8Array[],
  headers: Record<string, string> = {},
  status = 200,
): FetchLike {
  const stream = Array.isArray(body) ? streamOf(body) : body;
  return async () => ({ status, headers: new Headers(headers), body: stream });
}

function streamOf(chunks: Uint8Array[], onCancel?: () => void): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const chunk = left.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: () => onCancel?.(),
  });
}

const bytes = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill);

async function run(fetch: FetchLike, maxBytes = 1000, timeoutMs = 5000) {
  using deadline = new Deadline({ timeoutMs });
  return await exchange(fetch, url, request, { deadline, maxBytes });
}

async function failure(fetch: FetchLike, maxBytes?: number, timeoutMs?: number): Promise<HttpError> {
  const error = await run(fetch, maxBytes, timeoutMs).catch((caught: unknown) => caught);
  if (!(error instanceof HttpError)) throw new TypeError("expected an HttpError", { cause: error });
  expect(error.message).toContain("vault.example:8443");
  expect(error.message).not.toMatch(/secret|hidden/);
  return error;
}

async function* chunksOf(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

describe("exchange: bodies that fit", () => {
  it.each<[string, FetchLike, number]>([
    ["no body", answer(null), 0],
    ["empty stream", answer([]), 0],
    ["one chunk", answer([bytes(10)]), 10],
    ["one chunk of declared length", answer([bytes(10)], { "Content-Length": "10" }), 10],
    ["many chunks", answer([bytes(400), bytes(0), bytes(600)]), 1000],
    ["many chunks of declared length", answer([bytes(1), bytes(999)], { "content-length": "1000" }), 1000],
    ["an async iterable", answer(chunksOf(bytes(3), bytes(4))), 7],
    ["a malformed length, ignored", answer([bytes(5)], { "content-length": "five" }), 5],
    [
      "a decoded body, longer than sent",
      answer([bytes(9)], { "content-length": "2", "content-encoding": "gzip" }),
      9,
    ],
  ])("reads %s", async (_name, fetch, length) => {
    const result = await run(fetch);
    expect(result.bytes).toEqual(bytes(length));
    expect(result.bytes.constructor).toBe(Uint8Array);
  });

  it("keeps the order of chunks", async () => {
    const all = [1, 2, 3].map((fill) => bytes(2, fill));
    expect([...(await run(answer(all))).bytes]).toEqual([1, 1, 2, 2, 3, 3]);
    expect([...(await run(answer(all, { "content-length": "6" }))).bytes]).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it("turns a Buffer into a plain array", async () => {
    const { bytes: read } = await run(answer([Buffer.from("abc")]));
    expect(read.constructor).toBe(Uint8Array);
    expect([...read]).toEqual([97, 98, 99]);
  });

  it("hands over status and headers, and passes method, headers, signal and no redirects", async () => {
    let seen: unknown;
    const result = await run(async (...args) => {
      seen = args;
      return { status: 302, headers: new Headers({ Location: "/x" }), body: null };
    });
    expect([result.status, result.header("location"), result.header("x")]).toEqual([302, "/x", null]);
    expect(seen).toMatchObject([url, { method: "GET", headers: {}, redirect: "manual", signal: {} }]);
  });

  it("cuts the body of an error answer instead of refusing it", async () => {
    let cancelled = false;
    const body = streamOf([bytes(40_000), bytes(40_000), bytes(1), bytes(1)], () => (cancelled = true));
    const result = await run(answer(body, { "content-length": "80002" }, 500));
    expect([result.status, result.bytes.length, cancelled]).toEqual([500, 65_536, true]);
  });
});

describe("exchange: failures", () => {
  it("refuses a declared length over the limit without reading", async () => {
    let cancelled = false;
    const error = await failure(
      answer(
        streamOf([bytes(10)], () => (cancelled = true)),
        { "content-length": "1001" },
      ),
    );
    expect([error.kind, error.code, error.retryable, cancelled]).toEqual([
      "too_large",
      "ERR_HTTP_TOO_LARGE",
      false,
      true,
    ]);
  });

  it("stops an undeclared body at the limit, however much follows", async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++;
        controller.enqueue(bytes(400));
      },
      cancel: () => void (cancelled = true),
    });
    expect((await failure(answer(endless))).kind).toBe("too_large");
    expect(cancelled).toBe(true);
    expect(pulled).toBeLessThan(6);
  });

  it("lets go of an iterable over the limit", async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield bytes(600);
      } finally {
        ended = true;
      }
    }
    expect((await failure(answer(endless()))).kind).toBe("too_large");
    await Promise.resolve();
    expect(ended).toBe(true);
  });

  it.each([
    ["shorter", [bytes(9)]],
    ["longer", [bytes(9), bytes(2)]],
  ])("refuses a body %s than declared", async (_name, chunks) => {
    expect((await failure(answer(chunks, { "content-length": "10" }))).kind).toBe("network");
  });

  it("refuses a body that is not bytes and a redirect that the platform hides", async () => {
    const text = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: "text" }) }) };
    expect((await failure(answer(text as never))).kind).toBe("bad_response");
    expect((await failure(answer(null, {}, 0))).kind).toBe("bad_response");
  });

  it("maps a fetch that throws at once, and one that answers nonsense", async () => {
    const throwing: FetchLike = () => {
      throw new TypeError("no");
    };
    expect((await failure(throwing)).kind).toBe("network");
    expect((await failure(async () => undefined as never)).kind).toBe("network");
  });

  it.each(["never answers", "never sends the body"])("ends with the deadline when fetch %s", async (what) => {
    let cancelled = false;
    const stalled = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) });
    const fetch: FetchLike = what === "never answers" ? () => new Promise(() => {}) : answer(stalled);
    const error = await failure(fetch, 1000, 15);
    expect([error.kind, error.retryable]).toEqual(["timeout", true]);
    expect(cancelled).toBe(what !== "never answers");
  });

  it("ends at once when the caller aborts, and lets go of an answer that comes later", async () => {
    const controller = new AbortController();
    using deadline = new Deadline({ signal: controller.signal });
    let cancelled = false;
    let respond = (_response: FetchResponse): void => {};
    const fetch: FetchLike = () => new Promise((resolve) => (respond = resolve));
    const pending = exchange(fetch, url, request, { deadline, maxBytes: 10 });
    controller.abort(new Error("caller's reason"));
    await expect(pending).rejects.toMatchObject({ kind: "aborted", cause: { message: "caller's reason" } });
    respond({ status: 200, headers: new Headers(), body: streamOf([bytes(1)], () => (cancelled = true)) });
    await new Promise((resolve) => setImmediate(resolve));
    expect(cancelled).toBe(true);
  });

  it("does not start when the signal has aborted already", async () => {
    let calls = 0;
    using deadline = new Deadline({ signal: AbortSignal.abort() });
    const fetch: FetchLike = async () => (calls++, { status: 200, headers: new Headers(), body: null });
    await expect(exchange(fetch, url, request, { deadline, maxBytes: 1 })).rejects.toMatchObject({
      code: "ERR_HTTP_ABORTED",
    });
    expect(calls).toBe(0);
  });
});

describe("exchange: bodies that are handed on", () => {
  async function sink(fetch: FetchLike, take: (chunk: Uint8Array) => void | Promise<void>, maxBytes = 1000) {
    using deadline = new Deadline({ timeoutMs: 5000 });
    return await exchange(fetch, url, request, { deadline, maxBytes, sink: take });
  }

  it("gives each chunk, waits for it, and keeps nothing", async () => {
    const order: string[] = [];
    const body = (async function* () {
      for (const fill of [1, 2]) {
        order.push(`made ${fill}`);
        yield bytes(3, fill);
      }
    })();
    const result = await sink(answer(body), async (chunk) => {
      await Promise.resolve();
      order.push(`took ${chunk[0]}`);
    });
    expect(order).toEqual(["made 1", "took 1", "made 2", "took 2"]);
    expect(result.bytes).toHaveLength(0);
  });

  it("keeps the limits and the announced length", async () => {
    const take = (): void => {};
    await expect(sink(answer([bytes(600), bytes(600)]), take)).rejects.toMatchObject({ kind: "too_large" });
    await expect(sink(answer([bytes(5)], { "content-length": "6" }), take)).rejects.toMatchObject({
      kind: "network",
    });
  });

  it("keeps the body of a refusal to itself", async () => {
    const taken: Uint8Array[] = [];
    const result = await sink(answer([bytes(5)], {}, 404), (chunk) => void taken.push(chunk));
    expect([taken.length, result.bytes.length]).toEqual([0, 5]);
  });

  it("ends when the sink throws, and cancels the rest", async () => {
    let cancelled = false;
    const body = streamOf([bytes(5), bytes(5)], () => (cancelled = true));
    const throwing = (): never => {
      throw new Error("full");
    };
    await expect(sink(answer(body), throwing)).rejects.toBeInstanceOf(HttpError);
    expect(cancelled).toBe(true);
  });

  it("frees chunks only where they belong to the reader", async () => {
    const kept = bytes(5);
    const freed = bytes(5);
    await sink(answer([kept]), () => {});
    const pushed: PushBody = {
      pushTo: async (accept) => void (await accept(freed)),
      [Symbol.asyncIterator]: () => chunksOf(),
    };
    await sink(answer(pushed), () => {});
    expect([kept.length, freed.length]).toEqual([5, "transfer" in ArrayBuffer.prototype ? 0 : 5]);
  });
});
