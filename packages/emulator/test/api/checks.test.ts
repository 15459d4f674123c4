import { describe, expect, it, test } from "vitest";
import { platformRandom } from "@ksmkit/common";
import { startVault, type Vault, type VaultOptions } from "../../src/index.ts";
import { generateKeyPair } from "../../src/wire/p256.ts";
import { type Json, type RequestOverrides, RawClient } from "../support/raw-client.ts";

const start = (options: VaultOptions = {}): Promise<Vault> =>
  startVault({ listen: false, tokens: 2, ...options });

/** One broken request per check of section 13.3, in its order. */
const broken: [
  string,
  number,
  string,
  { endpoint?: string; payload?: Json; overrides?: RequestOverrides },
][] = [
  ["a method other than POST", 400, "bad_request", { overrides: { method: "PUT" } }],
  ["GET", 400, "bad_request", { overrides: { method: "GET" } }],
  ["an unknown endpoint", 400, "bad_request", { endpoint: "get_everything" }],
  ["no endpoint", 400, "bad_request", { endpoint: "" }],
  ["a missing PublicKeyId", 400, "bad_request", { overrides: { keyId: null } }],
  ["a missing Authorization", 400, "bad_request", { overrides: { authorization: null } }],
  ["an unknown key id", 401, "key", { overrides: { keyId: "7" } }],
  ["a key id that is no number", 401, "key", { overrides: { keyId: "010" } }],
  [
    "a short transmission key blob",
    400,
    "bad_request",
    { overrides: { wrappedKey: new Uint8Array(124).fill(4) } },
  ],
  ["a transmission key for another key", 400, "bad_request", { overrides: { serverKey: point() } }],
  ["a transmission key of 16 bytes", 400, "bad_request", { overrides: { transmissionKeyLength: 16 } }],
  ["a damaged body", 400, "bad_request", { overrides: { body: flip } }],
  ["an empty body", 400, "bad_request", { overrides: { body: () => new Uint8Array() } }],
  ["a payload that is no JSON", 400, "bad_request", { overrides: { plaintext: "{" } }],
  ["a payload that is an array", 400, "bad_request", { overrides: { plaintext: "[]" } }],
  ["a payload that is null", 400, "bad_request", { overrides: { plaintext: "null" } }],
  ["a missing client version", 403, "invalid_client_version", { payload: { clientVersion: null } }],
  [
    "a pre-release client version",
    403,
    "invalid_client_version",
    { payload: { clientVersion: "ms17.5.0-rc1" } },
  ],
  ["an upper-case client version", 403, "invalid_client_version", { payload: { clientVersion: "MS17.5.0" } }],
  ["an unknown client", 403, "access_denied", { payload: { clientId: "bm9ib2R5" } }],
  ["a missing client id", 403, "access_denied", { payload: { clientId: null } }],
  ["a client id that is no text", 400, "bad_request", { payload: { clientId: 7 } }],
  ["another client's signature", 403, "access_denied", { overrides: { signWith: generateKeyPair() } }],
  ["a signature that is no DER", 403, "access_denied", { overrides: { authorization: "Signature AAAA" } }],
  ["a signature that is no base64", 403, "access_denied", { overrides: { authorization: "Signature %%%" } }],
  ["another authorization scheme", 403, "access_denied", { overrides: { authorization: "Bearer AAAA" } }],
];

function point(): string {
  return Buffer.from(generateKeyPair().publicKey).toString("base64url");
}

function flip(sealed: Uint8Array): Uint8Array {
  const copy = sealed.slice();
  copy.set([(copy.at(-1) ?? 0) ^ 1], copy.length - 1);
  return copy;
}

describe("a bound client's request with", () => {
  it.each(broken)(
    "%s is refused with %i %s",
    async (_name, status, code, { endpoint, payload, overrides }) => {
      await using vault = await start();
      const client = await RawClient.bound(vault);
      const response = await client.send(endpoint ?? "get_secret", payload, overrides);
      expect(response.status).toBe(status);
      expect(response.json).toMatchObject({ error: code });
      expect(vault.log.at(-1)).toMatchObject({ status, outcome: code });
    },
  );
});

test("a refusal has the members of a captured response and echoes the user agent", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  const { json } = await client.send("get_folders", {}, { signWith: generateKeyPair() });
  expect(json).toEqual({
    path: "https://vault.test/api/rest/sm/v1/get_folders, POST, raw-client",
    additional_info: "",
    location: "ksm-vault",
    error: "access_denied",
    message: "Signature is invalid",
  });
});

test("a wrong key id names the active one as a number; a wrong version explains itself", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  expect((await client.send("get_secret", {}, { keyId: "8" })).json).toMatchObject({
    error: "key",
    key_id: 10,
    message: "invalid key id",
  });
  expect((await client.send("get_secret", { clientVersion: "zz" })).json).toMatchObject({
    error: "invalid_client_version",
    additional_info: "invalid client version id",
  });
});

test("a replayed body is refused", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  let sent = new Uint8Array();
  const keep = (sealed: Uint8Array): Uint8Array => {
    sent = sealed.slice();
    return sealed;
  };
  expect((await client.send("get_secret", {}, { body: keep })).status).toBe(200);
  const replay = await client.send("get_secret", {}, { body: () => sent });
  expect(replay).toMatchObject({ status: 403, json: { error: "access_denied" } });
});

/** Two faults in one request: the earlier check must speak. */
const orders: [string, string, { payload?: Json; overrides?: RequestOverrides }][] = [
  ["key id before transmission key", "key", { overrides: { keyId: "9", wrappedKey: new Uint8Array(5) } }],
  ["version before client", "invalid_client_version", { payload: { clientVersion: "", clientId: "x" } }],
  [
    "client before signature",
    "Unknown client",
    { payload: { clientId: "x" }, overrides: { signWith: generateKeyPair() } },
  ],
];

test.each(orders)("order: %s", async (_name, expected, { payload, overrides }) => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  const { json } = await client.send("get_secret", payload, overrides);
  expect([json["error"], json["message"]]).toContain(expected);
});

describe("the rate window", () => {
  test("admits 100 requests per client and endpoint by default; only silence clears it", async () => {
    let now = 1_000_000;
    await using vault = await start({ clock: () => now });
    const client = new RawClient(vault);
    const statuses: number[] = [];
    for (let i = 0; i < 102; i++) statuses.push((await client.enrol()).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.slice(100)).toEqual([429, 429]);
    expect((await client.send("get_folders")).status).toBe(200);
    now += 9_999;
    expect((await client.enrol()).json).toMatchObject({ error: "throttled" });
    now += 9_999;
    expect((await client.enrol()).status).toBe(429);
    now += 10_000;
    expect((await client.enrol()).status).toBe(200);
  });

  test.each([
    [{ requests: 1, status: 403 }, 403, undefined],
    [{ requests: 1, retryAfterSeconds: 2.5 }, 429, 2.5],
  ] as const)("responds as configured: %j", async (rateLimit, status, retryAfter) => {
    await using vault = await start({ rateLimit });
    const client = new RawClient(vault);
    await client.enrol();
    const response = await client.enrol();
    expect(response.status).toBe(status);
    expect(response.json["error"]).toBe("throttled");
    expect(response.json["retry_after"]).toBe(retryAfter);
  });

  test("comes before the client is known, and can be off", async () => {
    await using strict = await start({ rateLimit: { requests: 1 } });
    const unknown = new RawClient(strict, Buffer.from(platformRandom(32)).toString("base64url"));
    expect((await unknown.enrol()).status).toBe(403);
    expect((await unknown.enrol()).status).toBe(429);
    await using lax = await start({ rateLimit: false });
    const client = await RawClient.bound(lax);
    for (let i = 0; i < 110; i++) expect((await client.send("get_folders")).status).toBe(200);
  });
});

describe("expiry", () => {
  test("a token that was not used in time is refused; a used one is not", async () => {
    let now = 5_000_000;
    await using vault = await start({ clock: () => now });
    const used = new RawClient(vault, await vault.newToken({ firstAccessMinutes: 1 }));
    const unused = new RawClient(vault, await vault.newToken({ firstAccessMinutes: 1 }));
    expect((await used.enrol()).status).toBe(200);
    now += 60_000;
    expect((await unused.enrol()).json).toMatchObject({ error: "access_denied" });
    expect((await used.enrol()).status).toBe(200);
  });

  test("first access is limited to 24 hours", async () => {
    let now = 0;
    await using vault = await start({ clock: () => now });
    const client = new RawClient(vault, await vault.newToken({ firstAccessMinutes: 100_000 }));
    now = 1440 * 60_000;
    expect((await client.enrol()).status).toBe(403);
  });

  test("an expired client is refused, before its signature is looked at", async () => {
    let now = 1000;
    await using vault = await start({ clock: () => now });
    const client = await RawClient.bound(vault, await vault.newToken({ accessExpiresAt: 2000 }));
    expect((await client.send("get_secret")).json["expiresOn"]).toBe(2000);
    now = 2000;
    const response = await client.send("get_secret", {}, { signWith: generateKeyPair() });
    expect(response.json).toMatchObject({
      error: "access_denied",
      message: "The client's access has expired",
    });
  });

  test("the owner can expire and remove a client", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    await vault.owner.expireClient(client.clientId);
    expect((await client.send("get_secret")).json["message"]).toContain("expired");
    await vault.owner.removeClient(client.clientId);
    expect((await client.send("get_secret")).json["message"]).toBe("Unknown client");
    await expect(vault.owner.removeClient(client.clientId)).rejects.toThrow("no client");
  });
});
