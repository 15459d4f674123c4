import { encodeBase64, platformRandom, platformSleep } from "@ksmkit/common";
import { expect, test } from "vitest";
import { startVault, type Vault } from "../../src/index.ts";
import { FileStore } from "../../src/api/file-store.ts";
import { KsmApi } from "../../src/api/ksm-api.ts";
import { FaultPlan } from "../../src/faults/fault-plan.ts";
import { VaultOwner } from "../../src/owner/vault-owner.ts";
import { createFetchHandler } from "../../src/server/fetch-handler.ts";
import { RequestLog } from "../../src/vault/request-log.ts";
import { VaultService } from "../../src/server/vault-service.ts";
import { newVaultState } from "../../src/state/new-state.ts";
import { generateKeyPair } from "../../src/wire/p256.ts";
import { RawClient } from "../support/raw-client.ts";

const start = (): Promise<Vault> => startVault({ listen: false, tokens: 1 });
const binding = (vault: Vault): string | undefined => vault.owner.clients()[0]?.binding;

test("new: get_secret with a key enrols, sends the app key and the owner's key", async () => {
  await using vault = await start();
  const client = new RawClient(vault);
  const { status, json } = await client.enrol();
  expect(status).toBe(200);
  expect(json["encryptedAppKey"]).toEqual(expect.any(String));
  expect(json["appOwnerPublicKey"]).toEqual(expect.any(String));
  expect(binding(vault)).toBe("enrolled");
});

test("new: only get_secret with a key is served", async () => {
  await using vault = await start();
  const client = new RawClient(vault);
  const publicKey = encodeBase64(client.keys.publicKey);
  for (const [endpoint, payload] of [
    ["get_secret", {}],
    ["get_secret", { publicKey: null }],
    ["get_secret", { publicKey: "" }],
    ["get_folders", { publicKey }],
    ["update_secret", { publicKey }],
  ] as const) {
    expect(await client.send(endpoint, payload)).toMatchObject({
      status: 403,
      json: { error: "access_denied" },
    });
  }
  expect(binding(vault)).toBe("new");
});

test.each([
  ["no base64", "%%%"],
  ["too short", encodeBase64(new Uint8Array(64))],
  [
    "compressed",
    encodeBase64(Uint8Array.from(generateKeyPair().publicKey.subarray(0, 33), (b, i) => (i === 0 ? 2 : b))),
  ],
  ["off the curve", encodeBase64(new Uint8Array(65).fill(4))],
  ["a number", 7],
])("new: a key that is %s is a bad request and binds nothing", async (_name, publicKey) => {
  await using vault = await start();
  const client = new RawClient(vault);
  expect(await client.enrol({ publicKey })).toMatchObject({ status: 400, json: { error: "bad_request" } });
  expect(binding(vault)).toBe("new");
});

test("new: the signature must fit the key that is sent, and a malformed filter does not consume the token", async () => {
  await using vault = await start();
  const client = new RawClient(vault);
  expect((await client.enrol({}, { signWith: generateKeyPair() })).status).toBe(403);
  expect((await client.enrol({ requestedRecords: "x" })).status).toBe(400);
  expect(binding(vault)).toBe("new");
});

test("enrolled: the same request gets the same app key again, until a request without the key", async () => {
  await using vault = await start();
  const client = new RawClient(vault);
  const first = await client.enrol();
  const again = await client.enrol();
  expect(again.json["encryptedAppKey"]).toBe(first.json["encryptedAppKey"]);
  expect((await client.send("get_folders")).status).toBe(200);
  expect(binding(vault)).toBe("enrolled");
  const confirmed = await client.send("get_secret");
  expect(confirmed.json).toMatchObject({ encryptedAppKey: null, appOwnerPublicKey: null });
  expect(binding(vault)).toBe("bound");
});

test("bound: a key in the request is ignored; the token is worthless", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  expect((await client.enrol()).json).toMatchObject({ encryptedAppKey: null, appOwnerPublicKey: null });
});

test.each(["enrolled", "bound"])(
  "%s: a replayed token with another key is an invalid signature",
  async (state) => {
    await using vault = await start();
    const client = new RawClient(vault);
    await client.enrol();
    if (state === "bound") await client.send("get_secret");
    const thief = new RawClient(vault);
    expect((await thief.enrol()).json).toMatchObject({
      error: "access_denied",
      message: "Signature is invalid",
    });
    expect(binding(vault)).toBe(state);
  },
);

test("a locked client is pinned to the address that enrolled it; an unlocked one is not", async () => {
  const save = (): Promise<void> => Promise.resolve();
  const common = { clock: Date.now, random: platformRandom, save };
  const { server: state, owner: keys } = newVaultState("Address test", [10], platformRandom);
  const service = new VaultService({
    ...common,
    api: new KsmApi({ ...common, state, rateLimit: false }),
    files: new FileStore({ ...common, state }),
    faults: new FaultPlan(),
    log: new RequestLog(),
    sleep: platformSleep,
  });
  const owner = new VaultOwner({ ...common, state, keys });
  const key = state.serverKeys.get(10)?.publicKey ?? new Uint8Array();
  const ksm = {
    hostname: "localhost",
    oneTimeTokens: [],
    serverPublicKeyId: "10",
    serverPublicKey: encodeBase64(key),
    caFile: undefined,
  };
  const here = { ksm, fetch: createFetchHandler(service, "10.0.0.1") };
  const elsewhere = { ksm, fetch: createFetchHandler(service, "10.0.0.2") };
  for (const lockIp of [true, false]) {
    const client = new RawClient(here, await owner.newToken({ lockIp }));
    expect((await client.enrol()).status).toBe(200);
    client.vault = elsewhere;
    const response = await client.send("get_folders");
    expect(response.status).toBe(lockIp ? 403 : 200);
    expect(response.json["message"]).toBe(lockIp ? "The client is locked to another address" : undefined);
    client.vault = here;
    expect((await client.send("get_folders")).status).toBe(200);
  }
});
