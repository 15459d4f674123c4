import { ClientSecretCredential } from "@azure/identity";
import { CryptographyClient } from "@azure/keyvault-keys";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startKeyVault, type KeyVault } from "../src/azure/index.ts";

let vault: KeyVault;

beforeEach(async () => {
  vault = await startKeyVault();
});

afterEach(() => vault.close());

const dataKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

function clientFor(keyId: string, clientId?: string): CryptographyClient {
  return new CryptographyClient(keyId, vault.credential(clientId), vault.clientOptions);
}

describe("Azure Key Vault fake", () => {
  it.each(["RSA-OAEP", "RSA-OAEP-256"] as const)("wraps and unwraps with %s", async (algorithm) => {
    const key = await vault.createKey();
    const client = clientFor(key.versions[0]!.id);
    const { result } = await client.wrapKey(algorithm, dataKey);
    expect(result).toHaveLength(256);
    expect(Buffer.from((await client.unwrapKey(algorithm, result)).result)).toEqual(dataKey);
    expect(vault.calls.all()[0]).toEqual({
      operation: "getKey",
      key: `${key.name}/${key.versions[0]!.version}`,
      identity: "fake-client",
    });
  });

  it("gives tokens to the real client secret credential", async () => {
    const key = await vault.createKey({ allowedTo: ["app-1"] });
    const credential = new ClientSecretCredential(vault.tenantId, "app-1", "right", vault.credentialOptions);
    const client = new CryptographyClient(key.id, credential, vault.clientOptions);
    const { result } = await client.wrapKey("RSA-OAEP", dataKey);
    expect(Buffer.from((await client.unwrapKey("RSA-OAEP", result)).result)).toEqual(dataKey);
    const wrong = new ClientSecretCredential(vault.tenantId, "app-1", "wrong", vault.credentialOptions);
    await expect(
      new CryptographyClient(key.id, wrong, vault.clientOptions).wrapKey("RSA-OAEP", dataKey),
    ).rejects.toMatchObject({ name: "AuthenticationRequiredError" });
  });

  it("takes an identifier without a version for the newest", async () => {
    const key = await vault.createKey();
    const { result } = await clientFor(key.id).wrapKey("RSA-OAEP", dataKey);
    await key.addVersion();
    await expect(clientFor(key.id).unwrapKey("RSA-OAEP", result)).rejects.toMatchObject({ statusCode: 400 });
    const first = await clientFor(key.versions[0]!.id).unwrapKey("RSA-OAEP", result);
    expect(Buffer.from(first.result)).toEqual(dataKey);
  });

  it("refuses strangers, disabled and unknown keys", async () => {
    const key = await vault.createKey({ allowedTo: ["friend"] });
    const wrap = (id: string, clientId?: string): Promise<unknown> =>
      clientFor(id, clientId).wrapKey("RSA-OAEP", dataKey);
    await expect(wrap(key.id)).rejects.toMatchObject({ statusCode: 403 });
    await expect(wrap(`${vault.url}/keys/none`, "friend")).rejects.toMatchObject({
      statusCode: 404,
      code: "KeyNotFound",
    });
    key.versions[0]!.enabled = false;
    await expect(clientFor(key.id, "friend").unwrapKey("RSA-OAEP", Buffer.alloc(256))).rejects.toMatchObject({
      statusCode: 403,
    });
  });

  it.each([
    [{ kind: "deny" }, { statusCode: 403 }],
    [{ kind: "throttle" }, { statusCode: 429 }],
    [{ kind: "unavailable" }, { statusCode: 503 }],
    [{ kind: "drop" }, { code: "ECONNRESET" }],
    [{ kind: "garbage" }, { name: "RestError" }],
  ] as const)("fails as ordered: %j", async (fault, expected) => {
    const key = await vault.createKey();
    const client = clientFor(key.id);
    const { result } = await client.wrapKey("RSA-OAEP", dataKey);
    vault.faults.add({ operation: "unwrapKey", times: 1, fault });
    await expect(client.unwrapKey("RSA-OAEP", result)).rejects.toMatchObject(expected);
    await expect(client.unwrapKey("RSA-OAEP", result)).resolves.toBeDefined();
  });

  it("hangs until the caller gives up, and corrupts", async () => {
    const client = clientFor((await vault.createKey()).id);
    const { result } = await client.wrapKey("RSA-OAEP", dataKey);
    vault.faults.add({ times: 1, fault: { kind: "hang" } });
    await expect(
      client.unwrapKey("RSA-OAEP", result, { abortSignal: AbortSignal.timeout(20) }),
    ).rejects.toMatchObject({ name: "AbortError" });
    vault.faults.clear();
    vault.faults.add({ fault: { kind: "corrupt" } });
    expect(Buffer.from((await client.unwrapKey("RSA-OAEP", result)).result)).not.toEqual(dataKey);
  });
});
