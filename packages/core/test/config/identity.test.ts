import { encodeBase64, encodeBase64Url } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { readIdentity, readOwnerKey, readServerKey } from "../../src/config/identity.ts";
import type { ConfigValues } from "../../src/config/storage.ts";
import { serverKeyFor } from "../../src/protocol/server-keys.ts";

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => 0xfb);
const point = serverKeyFor("7")!.point;
const bound: ConfigValues = {
  hostname: "KeeperSecurity.eu",
  clientId: encodeBase64(bytes(64)),
  privateKey: encodeBase64(bytes(138)),
  appKey: encodeBase64(bytes(32)),
  appOwnerPublicKey: encodeBase64(point),
  serverPublicKeyId: "8",
};
const { appKey: _, ...unbound } = bound;
const initialized: ConfigValues = { ...unbound, clientKey: encodeBase64Url(bytes(32)) };

describe("readIdentity", () => {
  it("reads a bound configuration", async () => {
    const identity = await readIdentity(bound);
    expect(identity).toMatchObject({ hostname: "keepersecurity.eu", clientId: bound["clientId"] });
    expect(encodeBase64(identity.privateKey)).toBe(bound["privateKey"]);
    expect(encodeBase64(identity.appKey!)).toBe(bound["appKey"]);
    expect(identity.clientKey).toBeUndefined();
  });

  it("reads an initialized configuration", async () => {
    const { appKey, clientKey } = await readIdentity(initialized);
    expect(appKey).toBeUndefined();
    expect(encodeBase64Url(clientKey!)).toBe(initialized["clientKey"]);
  });

  it("takes a configuration with both keys for bound", async () => {
    expect(await readIdentity({ ...initialized, ...bound })).toMatchObject({ clientKey: undefined });
  });

  it("gives the client id in its standard form", async () => {
    const clientId = encodeBase64Url(bytes(64));
    expect(await readIdentity({ ...bound, clientId })).toMatchObject({ clientId: bound["clientId"] });
  });

  it("lets the option override the host", async () => {
    expect((await readIdentity(bound, "us")).hostname).toBe("keepersecurity.com");
    expect((await readIdentity({ ...bound, hostname: "" }, "localhost:8443")).hostname).toBe(
      "localhost:8443",
    );
  });

  it.each([
    ["hostname", "hostname is missing from the configuration"],
    ["clientId", "Client Id is missing from the configuration"],
    ["privateKey", "privateKey is missing from the configuration"],
    ["appKey", "appKey is missing from the configuration"],
  ])("says that %s is missing and what to do", async (key, message) => {
    const values = { ...bound, [key]: "" };
    await expect(readIdentity(values)).rejects.toThrow(
      expect.objectContaining({
        code: "ERR_KSM_CONFIG_KEY_MISSING",
        message: expect.stringMatching(new RegExp(`^${message}.*'${key}'.*fresh one-time token`)),
      }),
    );
  });

  it("does not find keys on the prototype of the values", async () => {
    const values: ConfigValues = Object.create(bound);
    await expect(readIdentity(values)).rejects.toThrow("is missing");
  });

  it.each([
    ["hostname", "http://keepersecurity.com"],
    ["hostname", "user:secret@h.example"],
    ["clientId", "!!secret!!"],
    ["clientId", encodeBase64(bytes(63))],
    ["privateKey", "secret secret !"],
    ["appKey", encodeBase64(bytes(16))],
    ["appKey", "A"],
  ])("refuses a malformed %s without quoting it", async (key, value) => {
    const values = { ...bound, [key]: value };
    await expect(readIdentity(values)).rejects.toThrow(
      expect.objectContaining({
        code: "ERR_KSM_CONFIG_INVALID",
        message: expect.stringContaining(`'${key}'`),
      }),
    );
    await expect(readIdentity(values)).rejects.not.toThrow(value);
  });

  it("refuses a malformed clientKey of an initialized configuration", async () => {
    await expect(readIdentity({ ...initialized, clientKey: "AAAA" })).rejects.toThrow(
      "'clientKey' is not 32 bytes",
    );
  });

  it.each(["", "http://h", "h/path", "a b"])("refuses the host option %j", async (hostname) => {
    await expect(readIdentity(bound, hostname)).rejects.toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });
});

describe("readServerKey", () => {
  const custom = encodeBase64Url(serverKeyFor("9")!.point);
  const other = encodeBase64(serverKeyFor("11")!.point);

  it.each([
    ["nothing named: the default", {}, {}, { id: "10", custom: false }],
    ["a built-in id", { serverPublicKeyId: "8" }, {}, { id: "8", custom: false }],
    ["an old name of key 7", { serverPublicKeyId: "3" }, {}, { id: "7", custom: false }],
    ["a stored id that is not built in: the default", { serverPublicKeyId: "99" }, {}, { id: "10" }],
    [
      "the option's id over the stored one",
      { serverPublicKeyId: "8" },
      { serverPublicKeyId: "9" },
      { id: "9" },
    ],
    [
      "a stored custom key",
      { serverPublicKey: custom, serverPublicKeyId: "99" },
      {},
      { id: "99", custom: true, point: serverKeyFor("9")!.point },
    ],
    ["a stored custom key without id", { serverPublicKey: custom }, {}, { id: "10", custom: true }],
    [
      "the option's key over the stored one",
      { serverPublicKey: custom, serverPublicKeyId: "99" },
      { serverPublicKey: other, serverPublicKeyId: "20" },
      { id: "20", custom: true, point: serverKeyFor("11")!.point },
    ],
  ])("%s", async (_what, values, options, expected) => {
    expect(await readServerKey(values, options)).toMatchObject(expected);
  });

  const badKeys = ["!", "AAAA", custom.slice(0, 79), encodeBase64(new Uint8Array(65).fill(4))];
  const badIds = ["0", "-1", "007", "abc", "true", "1.5"];
  const faults = [
    ...badKeys.map((serverPublicKey) => ({ serverPublicKey, serverPublicKeyId: "20" })),
    ...badIds.map((serverPublicKeyId) => ({ serverPublicKey: custom, serverPublicKeyId })),
    ...badIds.map((serverPublicKeyId) => ({ serverPublicKeyId })),
  ];
  it.each(faults)(
    "refuses $serverPublicKeyId with $serverPublicKey, naming where it stands",
    async (values) => {
      await expect(readServerKey(values)).rejects.toMatchObject({ code: "ERR_KSM_CONFIG_INVALID" });
      await expect(readServerKey({}, values)).rejects.toMatchObject({ code: "ERR_KSM_ARGUMENT_INVALID" });
    },
  );

  it("refuses an unknown id among the options when no key comes with it", async () => {
    await expect(readServerKey({}, { serverPublicKeyId: "99" })).rejects.toMatchObject({
      code: "ERR_KSM_ARGUMENT_INVALID",
    });
  });

  it("refuses options of the wrong type", async () => {
    const wrong = { serverPublicKey: 5, serverPublicKeyId: 20 } as unknown as { serverPublicKey: string };
    await expect(readServerKey({}, wrong)).rejects.toMatchObject({ code: "ERR_KSM_ARGUMENT_INVALID" });
    const key = { serverPublicKey: {} } as unknown as { serverPublicKey: string };
    await expect(readServerKey({}, key)).rejects.toMatchObject({ code: "ERR_KSM_ARGUMENT_INVALID" });
  });
});

describe("readOwnerKey", () => {
  it("reads the point", async () => {
    expect(encodeBase64((await readOwnerKey(bound)).point)).toBe(bound["appOwnerPublicKey"]);
  });

  it("says that it is missing in the words that users know", async () => {
    await expect(readOwnerKey({})).rejects.toMatchObject({
      code: "ERR_KSM_CONFIG_KEY_MISSING",
      message: expect.stringContaining("Application owner public key is missing from the configuration"),
    });
  });

  it.each(["!", "AAAA", encodeBase64(new Uint8Array(65).fill(4))])("refuses %j", async (value) => {
    await expect(readOwnerKey({ appOwnerPublicKey: value })).rejects.toMatchObject({
      code: "ERR_KSM_CONFIG_INVALID",
      message: expect.stringContaining("'appOwnerPublicKey'"),
    });
  });
});
