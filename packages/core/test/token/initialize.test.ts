import { decodeBase64, encodeBase64, encodeBase64Url } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { provider } from "#crypto";
import type { ConfigValues } from "../../src/config/storage.ts";
import { serverKeyFor } from "../../src/protocol/server-keys.ts";
import { clientIdFor } from "../../src/config/identity.ts";
import { boundConfig, initializeConfig, type InitializeOptions } from "../../src/token/initialize.ts";

const secret = new Uint8Array(32).fill(0xfb);
const token = `US:${encodeBase64Url(secret)}`;
const clientId = await clientIdFor(secret);
const key = (id: string): string => encodeBase64Url(serverKeyFor(id)!.point);
const noKeyPair = (): never => {
  throw new Error("the key pair was made anew");
};

async function initialize(options: Partial<InitializeOptions>): Promise<ConfigValues> {
  const next = await initializeConfig({ existing: {}, token, ...options });
  if (next === "unchanged") throw new Error("unchanged");
  return next;
}

describe("initializeConfig", () => {
  it("gives the initialized state", async () => {
    const keyPair = await provider.generateKeyPair();
    const next = await initialize({ generateKeyPair: () => keyPair });
    expect(next).toEqual({
      hostname: "keepersecurity.com",
      clientId,
      clientKey: encodeBase64(secret),
      privateKey: encodeBase64(await provider.exportPkcs8(keyPair)),
    });
  });

  it("takes the host of a bare token from the configuration, unless an option names one", async () => {
    const existing = { hostname: "localhost:8443" };
    const bare = encodeBase64Url(secret);
    expect(await initialize({ token: bare, existing })).toMatchObject({ hostname: "localhost:8443" });
    expect(await initialize({ token: bare, existing, hostname: "EU" })).toMatchObject({
      hostname: "keepersecurity.eu",
    });
    expect(await initialize({ token, existing })).toMatchObject({ hostname: "keepersecurity.com" });
    await expect(initialize({ token: bare })).rejects.toMatchObject({ code: "ERR_KSM_TOKEN_HOST_MISSING" });
  });

  it("makes a key pair of its own each time", async () => {
    const [a, b] = [await initialize({}), await initialize({})];
    expect(decodeBase64(a["privateKey"] ?? "")).toHaveLength(138);
    expect(a["privateKey"]).not.toBe(b["privateKey"]);
  });

  it("keeps unknown keys and drops remains of another client", async () => {
    const existing = {
      extra: "kept",
      appKey: "old",
      appOwnerPublicKey: "old",
      publicKey: "old",
      privateKey: "old",
    };
    const next = await initialize({ existing });
    expect(next).toMatchObject({ extra: "kept", clientId });
    expect(Object.keys(next).sort()).toEqual(["clientId", "clientKey", "extra", "hostname", "privateKey"]);
    expect(next["privateKey"]).not.toBe("old");
  });

  it.each([
    ["initialized", { clientId, clientKey: "kept", privateKey: "kept" }],
    ["bound", { clientId, appKey: "kept", privateKey: "kept", hostname: "other.example" }],
    ["stripped of its client key by another SDK", { clientId, privateKey: "kept" }],
    ["written with another alphabet", { clientId: encodeBase64Url(decodeBase64(clientId)!) }],
  ])("leaves the same client alone when it is %s", async (_what, existing) => {
    expect(await initializeConfig({ existing, token, generateKeyPair: noKeyPair })).toBe("unchanged");
  });

  it("refuses the storage of another client", async () => {
    const existing = { clientId: await clientIdFor(new Uint8Array(32)), appKey: "x" };
    await expect(initializeConfig({ existing, token, generateKeyPair: noKeyPair })).rejects.toMatchObject({
      code: "ERR_KSM_CONFIG_OTHER_CLIENT",
      message: expect.not.stringContaining(existing.clientId),
    });
  });

  it("refuses a storage with a damaged client id", async () => {
    await expect(initializeConfig({ existing: { clientId: "§" }, token })).rejects.toMatchObject({
      code: "ERR_KSM_CONFIG_INVALID",
    });
  });

  const il5 = `IL5:${encodeBase64Url(secret)}:20:${key("7")}`;
  it.each([
    ["the token's", { token: il5 }, "20", "7"],
    [
      "the option's over the token's",
      { token: il5, serverPublicKey: key("8"), serverPublicKeyId: "30" },
      "30",
      "8",
    ],
    ["the storage's", { existing: { serverPublicKey: key("9"), serverPublicKeyId: "40" } }, "40", "9"],
    [
      "the token's over the storage's",
      { token: il5, existing: { serverPublicKey: key("9"), serverPublicKeyId: "40" } },
      "20",
      "7",
    ],
    [
      "the option's over the storage's",
      { existing: { serverPublicKey: key("9"), serverPublicKeyId: "40" }, serverPublicKey: key("8") },
      "40",
      "8",
    ],
  ])("stores %s custom server key", async (_what, options, id, keyId) => {
    expect(await initialize(options)).toMatchObject({ serverPublicKeyId: id, serverPublicKey: key(keyId) });
  });

  it("stores the option's id of a built-in key", async () => {
    expect(await initialize({ serverPublicKeyId: "8" })).toMatchObject({ serverPublicKeyId: "8" });
  });

  it.each([
    ["option", { serverPublicKey: "AAAA" }, "ERR_KSM_ARGUMENT_INVALID"],
    ["option", { serverPublicKeyId: "99" }, "ERR_KSM_ARGUMENT_INVALID"],
    ["storage", { existing: { serverPublicKey: "AAAA" } }, "ERR_KSM_CONFIG_INVALID"],
    ["storage", { existing: { serverPublicKeyId: "x" } }, "ERR_KSM_CONFIG_INVALID"],
    ["host option", { token: token.slice(3), hostname: "http://h" }, "ERR_KSM_ARGUMENT_INVALID"],
  ])("refuses a malformed %s before a key pair is made: %j", async (_what, options, code) => {
    const all = { existing: {}, token, ...options, generateKeyPair: noKeyPair };
    await expect(initializeConfig(all)).rejects.toMatchObject({ code });
  });
});

describe("boundConfig", () => {
  const initialized = {
    hostname: "h",
    clientId,
    clientKey: "c",
    privateKey: "p",
    publicKey: "j",
    extra: "kept",
  };
  const appKey = new Uint8Array(32).fill(1);
  const appOwnerPublicKey = serverKeyFor("7")!.point;

  it("replaces the client key by what the service answered", () => {
    expect(boundConfig(initialized, { appKey, appOwnerPublicKey, serverPublicKeyId: "10" })).toEqual({
      hostname: "h",
      clientId,
      privateKey: "p",
      extra: "kept",
      appKey: encodeBase64(appKey),
      appOwnerPublicKey: encodeBase64(appOwnerPublicKey),
      serverPublicKeyId: "10",
    });
    expect(initialized.clientKey).toBe("c");
  });

  it("does without the owner's key", () => {
    const bound = boundConfig(initialized, { appKey, serverPublicKeyId: "8" });
    expect(bound).not.toHaveProperty("appOwnerPublicKey");
  });

  it.each([0, 16, 31, 33])("refuses an application key of %i bytes", (length) => {
    const keys = { appKey: new Uint8Array(length), serverPublicKeyId: "10" };
    expect(() => boundConfig(initialized, keys)).toThrow(
      expect.objectContaining({ code: "ERR_KSM_CRYPTO_KEY_INVALID" }),
    );
  });
});
