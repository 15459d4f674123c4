import { request, type OutgoingHttpHeaders } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startVault, type Vault } from "../../src/index.ts";
import { RawClient } from "../support/raw-client.ts";

let vault: Vault;
let token = "";
let own = "";

beforeAll(async () => {
  vault = await startVault({
    console: true,
    tokens: 2,
    seed: { records: [{ type: "login", title: `<b>"A" & 'B'</b>`, fields: { password: "SECRET-VALUE" } }] },
  });
  token = await readFile(vault.consoleTokenFile ?? "", "utf8");
  own = `Bearer ${token}`;
});
afterAll(() => vault.close());

interface Reply {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** Over node:http, because fetch does not let a caller choose `Host` or `Origin`. */
function send(
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body?: string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, vault.console), { method, headers, agent: false }, (incoming) => {
      text(incoming).then(
        (received) =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: received }),
        reject,
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const port = (): string => new URL(vault.console ?? "").port;

describe("the page", () => {
  test("lists titles, types, clients, the number of tokens and the log, never a value or a token", async () => {
    const client = await RawClient.bound(vault);
    const { status, body, headers } = await send("GET", "/");
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(body).toContain("&#60;b&#62;&#34;A&#34; &#38; &#39;B&#39;&#60;/b&#62;");
    expect(body).toContain("<p>1 not used.</p>");
    expect(body).toContain(client.clientId.slice(0, 8));
    expect(body).toMatch(/get_secret<\/td><td>200<\/td><td>ok/);
    const never = ["SECRET-VALUE", token, client.clientId, ...vault.ksm.oneTimeTokens];
    expect(never.filter((secret) => body.includes(secret))).toEqual([]);
  });

  test("runs nothing but its own script, and is neither kept nor framed", async () => {
    const { headers } = await send("GET", "/");
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect((await send("GET", "/console.js")).headers["content-type"]).toContain("text/javascript");
    expect((await send("GET", "/console.css")).headers["content-type"]).toContain("text/css");
  });

  test("has the same content as JSON", async () => {
    const overview: unknown = JSON.parse((await send("GET", "/api/overview")).body);
    expect(overview).toMatchObject({
      recordCount: 1,
      records: [{ type: "login", title: `<b>"A" & 'B'</b>` }],
      log: expect.any(Array),
    });
  });

  test("cuts a long list and says so", async () => {
    await using large = await startVault({ console: true, tokens: 0, generate: 1003 });
    const page = await (await fetch(large.console ?? "")).text();
    expect(page.split("\n").filter((line) => line.startsWith("<tr><td>"))).toHaveLength(1000);
    expect(page).toContain("<p>3 more: ");
  });
});

describe("refused", () => {
  test.each([
    ["another host", "GET", "/", { host: "rebound.example" }, 421],
    ["another host with the port", "GET", "/api/overview", { host: "rebound.example:80" }, 421],
    ["the host without the port", "GET", "/", { host: "127.0.0.1" }, 421],
    ["another origin", "GET", "/api/overview", { origin: "https://page.example" }, 403],
    ["an opaque origin", "GET", "/", { origin: "null" }, 403],
    ["a page of another site", "GET", "/", { "sec-fetch-site": "cross-site" }, 403],
    ["a page of another port", "GET", "/", { "sec-fetch-site": "same-site" }, 403],
    ["an unknown page", "GET", "/api/tokens", {}, 404],
    ["an unknown action", "POST", "/api/nothing", {}, 404],
    ["an unknown method", "DELETE", "/api/tokens", {}, 404],
    ["no token", "POST", "/api/tokens", {}, 401],
    ["a wrong token", "POST", "/api/tokens", { authorization: "Bearer nonsense" }, 401],
    ["a token of another scheme", "POST", "/api/tokens", { authorization: "Basic nonsense" }, 401],
  ] as const)("%s", async (_what, method, path, headers, status) => {
    const before = vault.owner.clients().length;
    const reply = await send(method, path, headers, method === "POST" ? "{}" : undefined);
    expect(reply.status).toBe(status);
    expect(vault.owner.clients()).toHaveLength(before);
    expect(reply.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("another host or origin even with the token", async () => {
    const rebound = { host: "rebound.example", authorization: own };
    expect((await send("POST", "/api/tokens", rebound, "{}")).status).toBe(421);
    const foreign = { origin: "https://page.example", authorization: own };
    expect((await send("POST", "/api/tokens", foreign, "{}")).status).toBe(403);
  });

  test.each([
    ["", 400],
    ["[]", 400],
    ["{", 400],
    [JSON.stringify({ name: 5 }), 400],
    [JSON.stringify({ minutes: 0 }), 400],
    [" ".repeat(2_000_000), 400],
  ])("a body that is not right", async (body, status) => {
    expect((await send("POST", "/api/tokens", { authorization: own }, body)).status).toBe(status);
  });
});

test("its own page may act, under either name of loopback", async () => {
  for (const name of ["127.0.0.1", "localhost"]) {
    const authority = `${name}:${port()}`;
    const headers = {
      authorization: own,
      host: authority,
      origin: `http://${authority}`,
      "sec-fetch-site": "same-origin",
    };
    const { status, body } = await send("POST", "/api/tokens", headers, '{"name":"console"}');
    expect([status, JSON.parse(body)]).toEqual([200, { token: expect.stringMatching(/^[\w-]{43}$/) }]);
  }
});

test("the token is in a private file that goes with the vault", async () => {
  const other = await startVault({ console: true, tokens: 0 });
  const path = other.consoleTokenFile ?? "";
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, "utf8")).toMatch(/^[\w-]{43}$/);
  await other.close();
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  await expect(fetch(other.console ?? "")).rejects.toThrow(TypeError);
});

test("there is none without the option, and none without a listener", async () => {
  await using plain = await startVault({ tokens: 0 });
  expect([plain.console, plain.consoleTokenFile]).toEqual([undefined, undefined]);
  await expect(startVault({ console: true, listen: false })).rejects.toMatchObject({
    code: "ERR_VAULT_OPTION",
  });
});

test("a taken port is an error, and the vault does not stay behind", async () => {
  const consolePort = Number(port());
  await expect(startVault({ console: true, consolePort, tokens: 0 })).rejects.toMatchObject({
    code: "ERR_VAULT_LISTEN",
    message: expect.stringContaining("console"),
  });
});
