import { createServer as createTcp } from "node:net";
import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Deadline, exchange, HttpError, type NetworkOptions, type WaitOptions } from "../../src/index.ts";
import { createNetworkFetch } from "../../src/http/node-fetch.ts";
import {
  connectProxy,
  httpServer,
  httpsServer,
  Local,
  rawServer,
  selfSigned,
  silentServer,
  type Identity,
} from "./local-servers.ts";

const noProxy = { env: {} };
let identity: Identity;

beforeAll(async () => {
  identity = await selfSigned(["localhost", "vault.example", "127.0.0.1"]);
});

const echo: RequestListener = (request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const { method, url, headers } = request;
    response.setHeader("Set-Cookie", ["a=1", "b=2"]);
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(parts).toString() }));
  });
};

async function call(
  url: string,
  options: NetworkOptions = noProxy,
  wait: WaitOptions = { timeoutMs: 5000 },
  body?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>,
) {
  const network = createNetworkFetch(options);
  using deadline = new Deadline(wait);
  try {
    const request = { method: body ? "POST" : "GET", headers: { "X-Test": "yes" }, ...(body && { body }) };
    return await exchange(network.fetch, url, request, { deadline, maxBytes: 1 << 20 });
  } finally {
    network.close();
  }
}

async function failure(...args: Parameters<typeof call>): Promise<HttpError> {
  const error = await call(...args).catch((caught: unknown) => caught);
  if (!(error instanceof HttpError)) throw new TypeError("expected an HttpError", { cause: error });
  return error;
}

const parse = (bytes: Uint8Array): { url: string; headers: Record<string, string>; body: string } =>
  JSON.parse(Buffer.from(bytes).toString());

describe("plain requests", () => {
  it("sends bytes with their length, a default user agent and the right host", async () => {
    await using server = await httpServer(echo);
    const answer = await call(
      `http://127.0.0.1:${server.port}/p?q=1`,
      noProxy,
      {},
      new Uint8Array([104, 105]),
    );
    const seen = parse(answer.bytes);
    expect(seen).toMatchObject({ method: "POST", url: "/p?q=1", body: "hi" });
    expect(seen.headers).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      "content-length": "2",
      "x-test": "yes",
      "user-agent": "ksmkit",
    });
    expect(answer.header("Set-Cookie")).toBe("a=1, b=2");
    expect(answer.header("missing")).toBeNull();
  });

  it("sends a stream, and cancels it when the server goes away", async () => {
    await using server = await httpServer(echo);
    const chunks = ["one ", "two ", "three"].map((text) => new TextEncoder().encode(text));
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        const chunk = chunks.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    });
    expect(parse((await call(`http://127.0.0.1:${server.port}/`, noProxy, {}, body)).bytes).body).toBe(
      "one two three",
    );

    await using closing = await Local.listen(
      createTcp((socket) => socket.once("data", () => socket.destroy())),
    );
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel: () => void (cancelled = true),
    });
    expect((await failure(`http://127.0.0.1:${closing.port}/`, noProxy, {}, endless)).kind).toBe("network");
    await expect.poll(() => cancelled).toBe(true);
  });

  it("hears an answer that comes before the whole stream is sent, and lets go of the connection", async () => {
    let closed = (): void => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    await using server = await httpServer((request, response) => {
      request.socket.once("close", closed);
      response.writeHead(413).end("enough");
    });
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel() {
        cancelled = true;
      },
    });
    const { status, bytes } = await call(
      `http://127.0.0.1:${server.port}/`,
      noProxy,
      { timeoutMs: 5000 },
      endless,
    );
    expect([status, Buffer.from(bytes).toString()]).toEqual([413, "enough"]);
    await gone;
    expect(cancelled).toBe(true);
  });

  it("reports a body stream that fails by itself", async () => {
    await using server = await httpServer(echo);
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.error(new Error("disk gone")),
    });
    const error = await failure(`http://127.0.0.1:${server.port}/`, noProxy, {}, body);
    expect([error.kind, (error.cause as Error).message]).toEqual(["network", "disk gone"]);
  });

  it("reaches IPv6 hosts", async () => {
    await using server = await httpServer(echo, "::1");
    const seen = parse((await call(`http://[::1]:${server.port}/`)).bytes);
    expect(seen.headers["host"]).toBe(`[::1]:${server.port}`);
  });

  it("returns a redirect as it is", async () => {
    let requests = 0;
    await using server = await httpServer((_request, response) => {
      requests++;
      response.writeHead(302, { Location: "/elsewhere" }).end();
    });
    const answer = await call(`http://127.0.0.1:${server.port}/`);
    expect([answer.status, answer.header("location"), requests]).toEqual([302, "/elsewhere", 1]);
  });

  it.each(["ftp://a.example/", "nonsense", "https://a b/", ""])("refuses the address %j", async (url) => {
    expect((await failure(url)).kind).toBe("options");
  });

  it("refuses a header that HTTP cannot carry, without quoting its value", async () => {
    const network = createNetworkFetch(noProxy);
    const error = await network
      .fetch("http://127.0.0.1:9/", { method: "GET", headers: { "X-Key": "secret\nvalue" } })
      .catch((caught: Error) => caught);
    expect(error).toMatchObject({ kind: "options" });
    expect(JSON.stringify([(error as Error).message, String((error as Error).cause)])).not.toContain(
      "secret",
    );
  });
});

describe("kept-alive connections", () => {
  it("reuses one connection, and closes it on request", async () => {
    await using server = await httpsServer(identity, echo);
    const network = createNetworkFetch({ ...noProxy, ca: identity.cert });
    using deadline = new Deadline({ timeoutMs: 5000 });
    const url = `https://localhost:${server.port}/`;
    for (let i = 0; i < 4; i++) {
      await exchange(network.fetch, url, { method: "GET", headers: {} }, { deadline, maxBytes: 9999 });
    }
    expect(server.connections).toBe(1);
    network.close();
    await expect.poll(() => server.open).toBe(0);
    await exchange(network.fetch, url, { method: "GET", headers: {} }, { deadline, maxBytes: 9999 });
    await expect.poll(() => server.open).toBe(0);
  });

  it("shares nothing between clients", async () => {
    await using server = await httpServer(echo);
    const url = `http://127.0.0.1:${server.port}/`;
    const clients = [createNetworkFetch(noProxy), createNetworkFetch(noProxy)];
    using deadline = new Deadline({ timeoutMs: 5000 });
    for (const client of clients) {
      await exchange(client.fetch, url, { method: "GET", headers: {} }, { deadline, maxBytes: 9999 });
    }
    expect(server.connections).toBe(2);
    for (const client of clients) client.close();
  });

  it("gives the connection back after an answer of another status", async () => {
    await using server = await httpServer((_request, response) =>
      response.writeHead(500).end("x".repeat(100)),
    );
    const network = createNetworkFetch(noProxy);
    using deadline = new Deadline({ timeoutMs: 5000 });
    for (let i = 0; i < 3; i++) {
      const { status } = await exchange(
        network.fetch,
        `http://127.0.0.1:${server.port}/${i}`,
        { method: "GET", headers: {} },
        { deadline, maxBytes: 9 },
      );
      expect(status).toBe(500);
    }
    expect(server.connections).toBe(1);
    network.close();
  });

  it("flags a reset of a reused connection, and only of a reused one", async () => {
    let requests = 0;
    await using server = await httpServer((request, response) => {
      if (requests++ === 0) response.end("ok");
      else request.socket.resetAndDestroy();
    });
    const network = createNetworkFetch(noProxy);
    using deadline = new Deadline({ timeoutMs: 5000 });
    const go = () =>
      exchange(
        network.fetch,
        `http://127.0.0.1:${server.port}/`,
        { method: "GET", headers: {} },
        { deadline, maxBytes: 9 },
      );
    expect((await go()).status).toBe(200);
    await expect(go()).rejects.toMatchObject({ kind: "network", reusedSocket: true, retryable: true });
    await expect(go()).rejects.toMatchObject({ kind: "network", reusedSocket: false });
    network.close();
  });
});

describe("kept-alive connections that the other side closed", () => {
  /** Answers the first request of each connection and closes it at the next. */
  async function resetting(tls = false): Promise<Local> {
    const used = new WeakSet<object>();
    const handle: RequestListener = (request, response) => {
      if (used.has(request.socket)) return void request.socket.destroy();
      used.add(request.socket);
      // Only once both requests of a pair are under way, so that each has a connection of its own.
      if (request.url !== "/pair") return void response.end("ok");
      pair.push(() => response.end("ok"));
      if (pair.length === 2) for (const answer of pair.splice(0)) answer();
      return undefined;
    };
    const pair: (() => void)[] = [];
    return tls ? httpsServer(identity, handle) : httpServer(handle);
  }

  async function client(server: Local, options: NetworkOptions = noProxy, origin?: string) {
    const network = createNetworkFetch({ ...options, ca: identity.cert });
    const go = async (path: string, mayRepeat = true) => {
      using deadline = new Deadline({ timeoutMs: 5000 });
      const url = `${origin ?? `http://127.0.0.1:${server.port}`}${path}`;
      const request = { method: "GET", headers: {} };
      return exchange(network.fetch, url, request, { deadline, maxBytes: 99, mayRepeat });
    };
    await Promise.all([go("/pair"), go("/pair")]);
    await expect.poll(() => server.connections).toBe(2);
    return { network, go };
  }

  it.each([false, true])("repeats over a fresh one, however many were kept (TLS: %s)", async (tls) => {
    await using server = await resetting(tls);
    const origin = `${tls ? "https" : "http"}://localhost:${server.port}`;
    const { network, go } = await client(server, noProxy, origin);
    expect((await go("/")).status).toBe(200);
    expect(server.connections).toBe(3);
    network.close();
    await expect.poll(() => server.open).toBe(0);
  });

  it("repeats through a tunnel as well", async () => {
    await using server = await resetting(true);
    const { local } = await connectProxy();
    await using _proxy = local;
    const options = { proxyUrl: `http://127.0.0.1:${local.port}` };
    const { network, go } = await client(server, options, `https://vault.example:${server.port}`);
    expect((await go("/")).status).toBe(200);
    expect([server.connections, local.connections]).toEqual([3, 3]);
    network.close();
  });

  it("repeats nothing that may have had an effect, and drops the others that were idle as long", async () => {
    await using server = await resetting();
    const { network, go } = await client(server);
    await expect(go("/", false)).rejects.toMatchObject({ kind: "network", reusedSocket: true });
    await expect.poll(() => server.open).toBe(0);
    expect((await go("/", false)).status).toBe(200);
    network.close();
  });

  it("repeats once only", async () => {
    let requests = 0;
    await using server = await httpServer((request, response) => {
      if (requests++ < 1) response.end("ok");
      else request.socket.resetAndDestroy();
    });
    const network = createNetworkFetch(noProxy);
    using deadline = new Deadline({ timeoutMs: 5000 });
    const go = () =>
      exchange(
        network.fetch,
        `http://127.0.0.1:${server.port}/`,
        { method: "GET", headers: {} },
        { deadline, maxBytes: 9, mayRepeat: true },
      );
    expect((await go()).status).toBe(200);
    await expect(go()).rejects.toMatchObject({ kind: "network", reusedSocket: false });
    expect(requests).toBe(3);
    network.close();
  });
});

describe("codings of answers", () => {
  const text = "x".repeat(50_000);
  function coded(coding: string | undefined, body: Uint8Array, status = 200, pieces = 1): RequestListener {
    return (_request, response) => {
      response.writeHead(status, coding === undefined ? {} : { "Content-Encoding": coding });
      for (let i = 0; i < pieces; i++) {
        response.write(body.subarray((i * body.length) / pieces, ((i + 1) * body.length) / pieces));
      }
      response.end();
    };
  }

  it("asks for none, unless the caller does", async () => {
    await using server = await httpServer(echo);
    const url = `http://127.0.0.1:${server.port}/`;
    expect(parse((await call(url)).bytes).headers["accept-encoding"]).toBe("identity");
    const network = createNetworkFetch(noProxy);
    using deadline = new Deadline({ timeoutMs: 5000 });
    const request = { method: "GET", headers: { "accept-encoding": "gzip" } };
    const { bytes } = await exchange(network.fetch, url, request, { deadline, maxBytes: 9999 });
    expect(parse(bytes).headers["accept-encoding"]).toBe("gzip");
    network.close();
  });

  it.each([
    ["gzip", 200, 1],
    ["x-gzip", 200, 4],
    ["GZIP", 200, 2],
    [" gzip ", 403, 3],
  ])("decodes %j with status %i in %i pieces", async (coding, status, pieces) => {
    await using server = await httpServer(coded(coding, gzipSync(text), status, pieces));
    const answer = await call(`http://127.0.0.1:${server.port}/`);
    expect([answer.status, Buffer.from(answer.bytes).toString()]).toEqual([status, text]);
  });

  it("decodes members one after another, and an empty body", async () => {
    const two = Buffer.concat([gzipSync("one "), gzipSync("two")]);
    await using server = await httpServer(coded("gzip", two));
    expect(Buffer.from((await call(`http://127.0.0.1:${server.port}/`)).bytes).toString()).toBe("one two");
    await using empty = await httpServer(coded("gzip", new Uint8Array()));
    expect((await call(`http://127.0.0.1:${empty.port}/`)).bytes).toHaveLength(0);
    await using none = await httpServer((_request, response) =>
      response.writeHead(204, { "Content-Encoding": "gzip" }).end(),
    );
    expect((await call(`http://127.0.0.1:${none.port}/`)).status).toBe(204);
  });

  it("keeps a connection whose answer was decoded", async () => {
    await using server = await httpServer(coded("gzip", gzipSync(text)));
    const network = createNetworkFetch(noProxy);
    using deadline = new Deadline({ timeoutMs: 5000 });
    const url = `http://127.0.0.1:${server.port}/`;
    for (let i = 0; i < 3; i++) {
      await exchange(network.fetch, url, { method: "GET", headers: {} }, { deadline, maxBytes: 50_000 });
    }
    expect(server.connections).toBe(1);
    network.close();
  });

  it("counts decoded bytes: a bomb is refused at the limit and its connection closed", async () => {
    const bomb = gzipSync(new Uint8Array(64 << 20));
    await using server = await httpServer(coded("gzip", bomb));
    const error = await failure(`http://127.0.0.1:${server.port}/`);
    expect([error.kind, error.message]).toEqual([
      "too_large",
      `127.0.0.1:${server.port}: the answer is larger than 1048576 bytes`,
    ]);
    await expect.poll(() => server.open).toBe(0);
  });

  it("cuts the decoded body of a refusal", async () => {
    await using server = await httpServer(coded("gzip", gzipSync(new Uint8Array(8 << 20)), 500));
    const answer = await call(`http://127.0.0.1:${server.port}/`);
    expect([answer.status, answer.bytes.length]).toEqual([500, 65_536]);
    await expect.poll(() => server.open).toBe(0);
  });

  it.each([
    ["cut short", gzipSync(text).subarray(0, 40)],
    ["not gzip at all", Buffer.from(text)],
    ["with a wrong checksum", Buffer.concat([gzipSync(text).subarray(0, -8), Buffer.alloc(8)])],
  ])("refuses gzip that is %s", async (_name, body) => {
    await using server = await httpServer(coded("gzip", body));
    const error = await failure(`http://127.0.0.1:${server.port}/`);
    expect(error.kind).toBe("bad_response");
  });

  it("reports a connection that breaks within gzip", async () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n";
    await using server = await rawServer(head, true);
    expect((await failure(`http://127.0.0.1:${server.port}/`)).kind).toBe("network");
  });

  it("ends waiting for the rest of gzip with the deadline", async () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n";
    await using server = await rawServer(head);
    const error = await failure(`http://127.0.0.1:${server.port}/`, noProxy, { timeoutMs: 60 });
    expect(error.kind).toBe("timeout");
    await expect.poll(() => server.open).toBe(0);
  });

  it.each(["deflate", "br", "zstd", "compress", "gzip, gzip", "br, gzip", "aes128gcm"])(
    "names %s, which it does not decode",
    async (coding) => {
      await using server = await httpServer(coded(coding, Buffer.from("topsecret")));
      const error = await failure(`http://127.0.0.1:${server.port}/`);
      expect([error.kind, error.message]).toEqual([
        "bad_response",
        `127.0.0.1:${server.port}: the answer comes with content-encoding ${coding}, which was not asked for`,
      ]);
      await expect.poll(() => server.open).toBe(0);
      await using refusing = await httpServer(coded(coding, Buffer.from("body"), 429));
      expect((await call(`http://127.0.0.1:${refusing.port}/`)).status).toBe(429);
    },
  );

  it.each(["", "identity", "Identity"])("takes %j for none", async (coding) => {
    await using server = await httpServer(coded(coding, Buffer.from(text)));
    expect((await call(`http://127.0.0.1:${server.port}/`)).bytes).toHaveLength(50_000);
  });

  it("prints no coding that could disturb a terminal", async () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Encoding: \u001b[31mred\r\nContent-Length: 1\r\n\r\nx";
    await using server = await rawServer(head, true);
    const error = await failure(`http://127.0.0.1:${server.port}/`);
    expect(error.kind).toBe("bad_response");
    expect(error.message).not.toContain("\u001b");
  });
});

describe("bad answers", () => {
  it.each<[string, string, boolean, string]>([
    ["a garbage status line", "SSH-2.0-OpenSSH_9.2 topsecret\r\n", false, "bad_response"],
    ["an overflow of headers", `HTTP/1.1 200 OK\r\nX: ${"y".repeat(70_000)}\r\n\r\n`, false, "bad_response"],
    ["an odd header", "HTTP/1.1 200 OK\r\nX y: topsecret\r\n\r\n", false, "bad_response"],
    [
      "two lengths",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      false,
      "bad_response",
    ],
    ["a truncated body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", true, "network"],
    [
      "a truncated chunk",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort",
      true,
      "network",
    ],
    ["nothing", "", true, "network"],
    ["a declared giant", "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", false, "too_large"],
  ])("%s", async (_name, text, end, kind) => {
    await using server = await rawServer(text, end);
    const error = await failure(`http://127.0.0.1:${server.port}/`);
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(new RegExp(`^127\\.0\\.0\\.1:${server.port}: `));
    expect(`${error.message}${String(error.cause)}`).not.toContain("topsecret");
    await expect.poll(() => server.open).toBe(0);
  });

  it("stops an endless chunked body and closes its connection", async () => {
    await using server = await httpServer((_request, response) => {
      const more = (): void =>
        void (
          response.destroyed ||
          (response.write(Buffer.alloc(65_536)) ? setImmediate(more) : response.once("drain", more))
        );
      more();
    });
    expect((await failure(`http://127.0.0.1:${server.port}/`)).kind).toBe("too_large");
    await expect.poll(() => server.open).toBe(0);
  });

  it("reports a refused connection", async () => {
    const server = await httpServer(echo);
    await server[Symbol.asyncDispose]();
    const error = await failure(`http://127.0.0.1:${server.port}/`);
    expect([error.kind, error.message]).toEqual([
      "network",
      `127.0.0.1:${server.port}: connecting failed (ECONNREFUSED)`,
    ]);
  });
});

describe("time limits and cancellation at every stage", () => {
  const stages: [string, () => Promise<{ url: string; options: NetworkOptions; servers: Local[] }>][] = [
    ["the TLS handshake", async () => plain(await silentServer(), "https")],
    ["the headers", async () => plain(await httpServer(() => {}))],
    [
      "the body",
      async () =>
        plain(
          await httpServer(
            (_request, response) => void response.writeHead(200, { "Content-Length": 9 }).write("abc"),
          ),
        ),
    ],
    ["slow headers", async () => plain(await rawServer("HTTP/1.1 200 OK\r\nX-Slow: "))],
    [
      "the proxy's answer",
      async () => {
        const proxy = await connectProxy({ silent: true });
        const options = { proxyUrl: `http://127.0.0.1:${proxy.local.port}` };
        return { url: "https://vault.example/", options, servers: [proxy.local] };
      },
    ],
    [
      "TLS inside the tunnel",
      async () => {
        const silent = await silentServer();
        const proxy = await connectProxy();
        const options = { proxyUrl: `http://127.0.0.1:${proxy.local.port}` };
        return { url: `https://vault.example:${silent.port}/`, options, servers: [proxy.local, silent] };
      },
    ],
  ];
  function plain(server: Local, scheme = "http") {
    return { url: `${scheme}://127.0.0.1:${server.port}/`, options: noProxy, servers: [server] };
  }

  it.each(stages)("time runs out during %s", async (_name, prepare) => {
    const { url, options, servers } = await prepare();
    expect((await failure(url, options, { timeoutMs: 60 })).kind).toBe("timeout");
    for (const server of servers) {
      await expect.poll(() => server.open).toBe(0);
      await server[Symbol.asyncDispose]();
    }
  });

  it.each(stages)("the caller aborts during %s", async (_name, prepare) => {
    const { url, options, servers } = await prepare();
    const controller = new AbortController();
    const pending = failure(url, options, { signal: controller.signal });
    await expect.poll(() => servers[0]?.connections).toBe(1);
    controller.abort();
    expect((await pending).kind).toBe("aborted");
    for (const server of servers) {
      await expect.poll(() => server.open).toBe(0);
      await server[Symbol.asyncDispose]();
    }
  });
});

describe("certificates", () => {
  let server: Local;
  beforeAll(async () => void (server = await httpsServer(identity, echo)));
  afterAll(() => server[Symbol.asyncDispose]());
  const url = (): string => `https://localhost:${server.port}/`;

  it("refuses a self-signed one", async () => {
    const error = await failure(url());
    expect([error.kind, error.retryable]).toEqual(["tls", false]);
    expect(error.message).toBe(
      `localhost:${server.port}: securing the connection failed (DEPTH_ZERO_SELF_SIGNED_CERT); to trust an authority of your own, set option \`ca\``,
    );
  });

  it("accepts it as an extra authority, alone or among others, by name and by address", async () => {
    const other = await selfSigned(["other.example"]);
    expect((await call(url(), { ...noProxy, ca: identity.cert })).status).toBe(200);
    expect((await call(url(), { ...noProxy, ca: [other.cert, identity.cert] })).status).toBe(200);
    const byAddress = `https://127.0.0.1:${server.port}/`;
    expect((await call(byAddress, { ...noProxy, ca: identity.cert })).status).toBe(200);
  });

  it("refuses it beside another authority", async () => {
    const other = await selfSigned(["localhost"]);
    expect((await failure(url(), { ...noProxy, ca: other.cert })).kind).toBe("tls");
  });

  it("accepts anything with checks turned off", async () => {
    expect((await call(url(), { ...noProxy, verifyCertificates: false })).status).toBe(200);
  });

  it("refuses another name and an expired one", async () => {
    for (const [id, code] of [
      [await selfSigned(["other.example"]), "ERR_TLS_CERT_ALTNAME_INVALID"],
      [await selfSigned(["localhost"], true), "CERT_HAS_EXPIRED"],
    ] as const) {
      await using wrong = await httpsServer(id, echo);
      const error = await failure(`https://localhost:${wrong.port}/`, { ...noProxy, ca: id.cert });
      expect([error.kind, error.message.includes(code)]).toEqual(["tls", true]);
    }
  });

  it("refuses plain HTTP where TLS belongs", async () => {
    await using plain = await httpServer(echo);
    expect((await failure(`https://localhost:${plain.port}/`)).kind).toBe("tls");
  });

  it.each(["", "not a certificate", ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "x"]])(
    "refuses %j as an authority",
    (ca) => {
      expect(() => createNetworkFetch({ ca })).toThrow(expect.objectContaining({ code: "ERR_HTTP_OPTIONS" }));
    },
  );

  it("reports an authority that only looks like one", async () => {
    const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    expect(["options", "tls"]).toContain((await failure(url(), { ...noProxy, ca })).kind);
  });
});

describe("proxies", () => {
  const credentials = "user:top secret";
  const proxied = (port: number, more: NetworkOptions = {}): NetworkOptions => ({
    proxyUrl: `http://127.0.0.1:${port}`,
    ca: identity.cert,
    ...more,
  });

  it("tunnels and keeps the tunnel alive", async () => {
    await using server = await httpsServer(identity, echo);
    const { local, asked } = await connectProxy();
    await using _proxy = local;
    const network = createNetworkFetch(proxied(local.port));
    using deadline = new Deadline({ timeoutMs: 5000 });
    for (let i = 0; i < 3; i++) {
      const url = `https://vault.example:${server.port}/${i}`;
      const { bytes } = await exchange(
        network.fetch,
        url,
        { method: "GET", headers: {} },
        { deadline, maxBytes: 9999 },
      );
      expect(parse(bytes).headers["host"]).toBe(`vault.example:${server.port}`);
    }
    expect([asked, server.connections]).toEqual([[`CONNECT vault.example:${server.port}`], 1]);
    network.close();
    await expect.poll(() => server.open + local.open).toBe(0);
  });

  it("sends credentials to the proxy and to nobody else", async () => {
    await using server = await httpsServer(identity, echo);
    const { local } = await connectProxy({ credentials });
    await using _proxy = local;
    const options = proxied(local.port, { proxyUrl: `http://user:top%20secret@127.0.0.1:${local.port}` });
    const { bytes } = await call(`https://vault.example:${server.port}/`, options);
    expect(parse(bytes).headers).not.toHaveProperty("proxy-authorization");
  });

  it("reports missing or wrong credentials without showing them", async () => {
    const { local } = await connectProxy({ credentials });
    await using _proxy = local;
    for (const login of ["", "user:wrong-secret@"]) {
      const options = { proxyUrl: `http://${login}127.0.0.1:${local.port}` };
      const error = await failure("https://vault.example/", options);
      expect([error.kind, error.retryable]).toEqual(["proxy", false]);
      expect(error.message).toMatch(/^proxy 127\.0\.0\.1:\d+: answered 407/);
      expect(`${error.message}${String(error.cause)}${JSON.stringify(error)}`).not.toMatch(/secret/);
    }
  });

  it("still checks the target's certificate and name inside the tunnel", async () => {
    await using server = await httpsServer(identity, echo);
    const { local } = await connectProxy();
    await using _proxy = local;
    const options = { proxyUrl: `http://127.0.0.1:${local.port}` };
    expect((await failure(`https://vault.example:${server.port}/`, options)).kind).toBe("tls");
    const wrongName = proxied(local.port);
    expect((await failure(`https://other.example:${server.port}/`, wrongName)).kind).toBe("tls");
  });

  it.each([
    [200, ""],
    [201, ""],
    [202, "Content-Type: text/plain\r\n"],
    [204, ""],
    [299, ""],
    // Length and coding of a success mean nothing (RFC 9110 section 9.3.6).
    [200, "Content-Length: 0\r\n"],
    [200, "Content-Length: 10\r\n"],
    [200, "Transfer-Encoding: chunked\r\n"],
  ])("takes %i with headers %j for an open tunnel", async (status, headers) => {
    await using server = await httpsServer(identity, echo);
    const { local } = await connectProxy({ status, headers });
    await using _proxy = local;
    const answer = await call(`https://vault.example:${server.port}/`, proxied(local.port));
    expect(answer.status).toBe(200);
  });

  it.each([502, 403, 300, 199])("reports a proxy that answers %i", async (status) => {
    const { local } = await connectProxy({ status });
    await using _proxy = local;
    const error = await failure("https://vault.example/", proxied(local.port));
    expect([error.kind, error.message]).toEqual([
      "proxy",
      `proxy 127.0.0.1:${local.port}: answered ${status} to CONNECT`,
    ]);
  });

  it("reports a proxy that is not there, or not a proxy", async () => {
    await using garbage = await rawServer("SSH-2.0\r\n");
    expect((await failure("https://vault.example/", proxied(garbage.port))).kind).toBe("proxy");
    await using early = await rawServer("HTTP/1.1 200 OK\r\n\r\nearly bytes");
    expect((await failure("https://vault.example/", proxied(early.port))).kind).toBe("proxy");
    const gone = await rawServer("");
    await gone[Symbol.asyncDispose]();
    expect((await failure("https://vault.example/", proxied(gone.port))).kind).toBe("proxy");
  });

  it("talks to a proxy over TLS", async () => {
    await using server = await httpsServer(identity, echo);
    const secured = await import("node:https").then(({ createServer }) => createServer(identity));
    const { connect } = await import("node:net");
    secured.on("connect", (_request, socket) => {
      const upstream = connect(server.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      socket.on("error", () => {}).on("close", () => upstream.destroy());
    });
    await using proxy = await Local.listen(secured);
    const options = proxied(proxy.port, { proxyUrl: `https://localhost:${proxy.port}` });
    expect((await call(`https://vault.example:${server.port}/`, options)).status).toBe(200);
    expect(proxy.connections).toBe(1);
  });

  it("relays plain HTTP with the whole URL", async () => {
    const { local, asked } = await connectProxy();
    await using _proxy = local;
    const options = { proxyUrl: `http://u:p@127.0.0.1:${local.port}` };
    const { bytes } = await call("http://plain.example/a?b=1", options);
    expect(Buffer.from(bytes).toString()).toBe("relayed");
    expect(asked).toEqual(["GET http://plain.example/a?b=1 Basic dTpw"]);
  });

  it("obeys the environment, NO_PROXY and an explicit empty proxy", async () => {
    await using server = await httpsServer(identity, echo);
    const { local, asked } = await connectProxy();
    await using _proxy = local;
    const env = { HTTPS_PROXY: `http://127.0.0.1:${local.port}` };
    const url = `https://localhost:${server.port}/`;
    const ca = identity.cert;
    await call(url, { ca, env });
    expect(asked).toHaveLength(1);
    await call(url, { ca, env: { ...env, NO_PROXY: "localhost" } });
    await call(url, { ca, env, proxyUrl: "" });
    expect(asked).toHaveLength(1);
  });

  it("takes a proxy apart when the client is made", () => {
    expect(() => createNetworkFetch({ proxyUrl: "socks5://p" })).toThrow(HttpError);
  });
});
