import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { ClientSecretCredential } from "@azure/identity";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { azureKeyVaultKey, azureKeyVaultStorage } from "../src/azure-keyvault-storage.ts";
import { context, dataKey, rsaKeys, startService, type TestService } from "./service.ts";
import type { AzureKeyVaultKeyOptions } from "../src/options.ts";

let service: TestService;

beforeEach(async () => {
  service = await startService();
});

afterEach(() => service.vault.close());

const code = (name: string): { code: string } => ({ code: `ERR_KSM_KMS_${name}` });
const version = "0123456789abcdef0123456789abcdef";

describe("options", () => {
  it.each([
    "",
    "https://v.vault.azure.net/keys/",
    "https://v.vault.azure.net/keys/k/short",
    "https://v.vault.azure.net/secrets/k",
    "https://v.vault.azure.net/keys/k?x=1",
    "https://user:secret@v.vault.azure.net/keys/k",
    "http://v.vault.azure.net/keys/k",
    "k",
    undefined,
  ])("refuse an identifier that is none: %j", (keyId) => {
    expect(() => azureKeyVaultKey({ keyId, env: {} })).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });

  it.each([{ algorithm: "RSA1_5" }, { requestTimeoutMs: -1 }])(
    "refuse what cannot be used: %j",
    (options) => {
      const all = { keyId: "https://v.vault.azure.net/keys/k", ...options } as AzureKeyVaultKeyOptions;
      expect(() => azureKeyVaultKey(all)).toThrow(
        expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
      );
    },
  );

  it("take the identifier from KSM_AZ_KEY_ID; an empty text counts as none", () => {
    const keyId = `https://v.vault.azure.net/keys/k/${version}`;
    const env = { KSM_AZ_KEY_ID: keyId };
    expect(azureKeyVaultKey({ env })).toMatchObject({ provider: "Azure Key Vault", keyId });
    expect(azureKeyVaultKey({ keyId: "", env }).keyId).toBe(keyId);
  });
});

describe("calls", () => {
  it("are one for each wrap and unwrap: the key itself is never fetched", async () => {
    const wrapper = await service.wrapper();
    await wrapper.unwrap(await wrapper.wrap(dataKey, context()), context());
    expect(service.vault.calls.operations()).toEqual(["wrapKey", "unwrapKey"]);
  });

  it("use the version that is named, so that what was sealed before a rotation opens", async () => {
    const key = await service.vault.createKey({ privateKeyPem: rsaKeys[0] });
    const [first] = key.versions;
    const open = (keyId: string) => azureKeyVaultKey({ keyId, ...service.connection });
    const wrapped = await open(first!.id).wrap(dataKey, context());
    await key.addVersion({ privateKeyPem: rsaKeys[1] });
    expect([...(await open(first!.id).unwrap(wrapped, context()))]).toEqual([...dataKey]);
    await expect(open(key.id).unwrap(wrapped, context())).rejects.toMatchObject(code("UNWRAP_FAILED"));
  });

  it("go to a given client as they are", async () => {
    const calls: unknown[] = [];
    const call = async (algorithm: string, key: Uint8Array): Promise<{ result: Uint8Array }> => {
      calls.push(algorithm);
      return { result: key.toReversed() };
    };
    const keyId = "https://v.vault.azure.net/keys/k";
    const wrapper = azureKeyVaultKey({
      keyId,
      algorithm: "RSA-OAEP-256",
      client: { wrapKey: call, unwrapKey: call },
    });
    const back = await wrapper.unwrap(await wrapper.wrap(dataKey, context()), context());
    expect([[...back], calls]).toEqual([[...dataKey], ["RSA-OAEP-256", "RSA-OAEP-256"]]);
  });
});

describe("credentials", () => {
  it("of a client secret are exchanged for a token", async () => {
    const { tenantId, credentialOptions } = service.vault;
    const key = { privateKeyPem: rsaKeys[0], allowedTo: ["app-2"] };
    const credential = new ClientSecretCredential(tenantId, "app-2", "right", credentialOptions);
    const wrapper = await service.wrapper(key, { credential });
    expect(await wrapper.wrap(dataKey, context())).toHaveLength(256);
    expect(service.vault.calls.all()).toMatchObject([{ operation: "wrapKey", identity: "app-2" }]);
  });

  it("that are wrong, or nobody's, are one clean error", async () => {
    const { tenantId, credentialOptions } = service.vault;
    const wrong = new ClientSecretCredential(tenantId, "app-2", "wrong", credentialOptions);
    const wrapper = await service.wrapper({}, { credential: wrong });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("CREDENTIALS"));
    const none = await service.wrapper(
      {},
      { credential: { getToken: async () => ({ token: "?", expiresOnTimestamp: 9e15 }) } },
    );
    await expect(none.wrap(dataKey, context())).rejects.toMatchObject(code("CREDENTIALS"));
  });

  it("changeKey uses the new ones", async () => {
    const [one, two] = [
      await service.vault.createKey({ privateKeyPem: rsaKeys[0], allowedTo: ["old"] }),
      await service.vault.createKey({ privateKeyPem: rsaKeys[1], allowedTo: ["new"] }),
    ];
    const { clientOptions } = service.connection;
    let bytes: Uint8Array<ArrayBuffer> | null = null;
    const storage = azureKeyVaultStorage({
      keyId: one.id,
      credential: service.vault.credential("old"),
      clientOptions,
      store: {
        description: "memory",
        read: async () => bytes && { bytes },
        write: async (written) => {
          bytes = written && Uint8Array.from(written);
        },
      },
    });
    await storage.save({ hostname: "h.example", clientId: "c" });
    const withOld = azureKeyVaultKey({
      keyId: two.id,
      clientOptions,
      credential: service.vault.credential("old"),
    });
    await expect(storage.changeKey(withOld)).rejects.toMatchObject(code("ACCESS_DENIED"));
    const withNew = azureKeyVaultKey({
      keyId: two.id,
      clientOptions,
      credential: service.vault.credential("new"),
    });
    await storage.changeKey(withNew);
    expect(await storage.load()).toEqual({ hostname: "h.example", clientId: "c" });
  });
});

describe("a service that misbehaves", () => {
  it.each([
    [{ kind: "garbage" }, "BAD_RESPONSE"],
    [{ kind: "change", change: () => ({}) }, "BAD_RESPONSE"],
    [{ kind: "drop" }, "UNAVAILABLE"],
    [{ kind: "error", error: "Conflict", status: 409 }, "REFUSED"],
    [{ kind: "error", error: "BadParameter", status: 400 }, "KEY_UNSUPPORTED"],
  ] as const)("%j is %s", async (fault, expected) => {
    const wrapper = await service.wrapper();
    service.vault.faults.add({ operation: "wrapKey", fault });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code(expected));
  });

  it("is given up on after the time limit of a request", async () => {
    const wrapper = await service.wrapper({}, { requestTimeoutMs: 30 });
    service.vault.faults.add({ fault: { kind: "hang" } });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("TIMEOUT"));
  });

  it("does not get a quote of its answer into the error", async () => {
    const wrapper = await service.wrapper();
    service.vault.faults.add({ fault: { kind: "garbage" } });
    const error = await wrapper.wrap(dataKey, context()).catch((thrown: unknown) => thrown);
    expect(error).not.toHaveProperty("cause");
    expect(String(error)).not.toContain("html");
  });
});

describe("an error", () => {
  it("carries the reason, but neither the request's data key nor its token", async () => {
    const wrapper = await service.wrapper();
    service.vault.faults.add({ fault: { kind: "deny" } });
    const error = (await wrapper.wrap(dataKey, context()).catch((thrown: unknown) => thrown)) as Error;
    expect(error.cause).toMatchObject({ name: "RestError", code: "Forbidden", statusCode: 403 });
    const all = inspect(error, { depth: 20, showHidden: true });
    for (const secret of [Buffer.from(dataKey).toString("base64url"), "token-of-"])
      expect(all).not.toContain(secret);
  });
});

describe("files of the official clients", () => {
  interface Vectors {
    keys: Record<string, { provider: string; id: string; privateKeyPkcs8Pem: string }>;
    vectors: { id: string; provider: string; key: string; plaintext: string; blobBase64: string }[];
  }
  const file = new URL("../../core/test/vectors/kms-blobs.json", import.meta.url);
  const { keys, vectors } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
  const ours = vectors.filter(({ provider }) => provider === "azure");

  it("are there to be tested", () => {
    expect(ours.length).toBeGreaterThan(1);
  });

  it.each(ours)("opens with the real SDK client: $id", async ({ key, plaintext, blobBase64 }) => {
    const { privateKeyPkcs8Pem } = keys[key]!;
    const made = await service.vault.createKey({ privateKeyPem: privateKeyPkcs8Pem });
    const bytes = Uint8Array.from(Buffer.from(blobBase64, "base64"));
    const storage = azureKeyVaultStorage({
      store: { description: "vector", read: async () => ({ bytes }) },
      keyId: made.versions[0]!.id,
      ...service.connection,
    });
    expect(JSON.parse(await storage.decryptConfig())).toEqual(JSON.parse(plaintext));
    expect(service.vault.calls.operations()).toEqual(["unwrapKey"]);
  });
});

describe("the SDK", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("is asked for its default credentials when none are given", async () => {
    // Only the environment is looked at, and there is nothing usable in it: no network is involved.
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    for (const name of ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]) vi.stubEnv(name, "");
    const wrapper = await service.wrapper({}, { credential: undefined });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("CREDENTIALS"));
  });
});
