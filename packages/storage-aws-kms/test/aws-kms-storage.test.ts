import { readFile, writeFile } from "node:fs/promises";
import { SecretsManager } from "@ksmkit/core";
import { inspectBlob, type SealedStorage } from "@ksmkit/core/sealed";
import { startVault, type Vault } from "@ksmkit/emulator";
import { describe, expect, it } from "vitest";
import { awsKmsKey, awsKmsStorage } from "../src/index.ts";
import { usePlace } from "./service.ts";
import type { AwsKmsStorageOptions } from "../src/options.ts";

const place = usePlace();
const values = { hostname: "h.example", clientId: "c", appKey: "secret-app-key" };

/** What a client needs to reach a vault without a socket. */
function reach(vault: Vault): { fetch: Vault["fetch"]; serverPublicKey: string; serverPublicKeyId: string } {
  const { serverPublicKey, serverPublicKeyId } = vault.ksm;
  return { fetch: vault.fetch, serverPublicKey, serverPublicKeyId };
}

function open(options: AwsKmsStorageOptions): SealedStorage {
  return awsKmsStorage({ ...place.connection, path: place.path, ...options });
}

describe("awsKmsStorage", () => {
  it.each(["SYMMETRIC_DEFAULT", "RSA_2048"] as const)(
    "a client binds at two calls under a key of %s and opens at one",
    async (keySpec) => {
      const vault = await startVault({ listen: false, rateLimit: false });
      const { arn } = await place.kms.createKey({ spec: keySpec });
      const bind = new SecretsManager({
        storage: open({ keyId: arn, keySpec }),
        token: vault.ksm.oneTimeTokens[0],
        hostname: vault.ksm.hostname,
        ...reach(vault),
      });
      await bind.bind();
      expect(place.kms.calls.operations()).toEqual(["Encrypt", "Decrypt"]);
      place.kms.calls.clear();

      const again = new SecretsManager({ storage: open({ keyId: arn }), ...reach(vault) });
      expect((await again.getSecrets()).records.length).toBeGreaterThan(0);
      expect(place.kms.calls.operations()).toEqual(["Decrypt"]);
      await vault.close();
    },
  );

  it("finds a missing right before the token is spent", async () => {
    const vault = await startVault({ listen: false, rateLimit: false });
    const { arn } = await place.kms.createKey();
    const options = { token: vault.ksm.oneTimeTokens[0], hostname: vault.ksm.hostname, ...reach(vault) };
    place.kms.faults.add({ operation: "Decrypt", fault: { kind: "deny" } });
    const first = new SecretsManager({ storage: open({ keyId: arn }), ...options });
    await expect(first.bind()).rejects.toMatchObject({ code: "ERR_KSM_KMS_ACCESS_DENIED" });
    place.kms.faults.clear();
    const second = new SecretsManager({ storage: open({ keyId: arn }), ...options });
    expect(await second.bind()).toEqual({ justBound: true });
    await vault.close();
  });

  it("changes the key with the new credentials, at once or not at all", async () => {
    const before = await place.kms.createKey({ allowedTo: ["AKIDSTANDIN"] });
    const after = await place.kms.createKey({ spec: "RSA_2048", allowedTo: ["AKIDOTHER"] });
    const storage = open({ keyId: before.arn });
    await storage.save(values);
    const old = await readFile(place.path);

    const wrong = awsKmsKey({ ...place.connection, keyId: after.arn });
    await expect(storage.changeKey(wrong)).rejects.toMatchObject({ code: "ERR_KSM_KMS_ACCESS_DENIED" });
    expect(await readFile(place.path)).toEqual(old);
    await storage.save({ ...values, label: "still the old key" });

    const credentials = { accessKeyId: "AKIDOTHER", secretAccessKey: "x", sessionToken: "session" };
    place.kms.calls.clear();
    await storage.changeKey(awsKmsKey({ ...place.connection, keyId: after.arn, credentials }));
    expect(new Set(place.kms.calls.all().map(({ identity }) => identity))).toEqual(new Set(["AKIDOTHER"]));
    expect(inspectBlob(await readFile(place.path))).toMatchObject({
      keyFamily: "rsa-2048",
      layout: "standard",
    });
    expect(await open({ keyId: after.arn, credentials }).load()).toMatchObject(values);
  });

  it("writes what the official Python client reads, and takes over what it wrote", async () => {
    const { arn } = await place.kms.createKey();
    await open({ keyId: arn, layout: "direct" }).save(values);
    const bytes = await readFile(place.path);
    expect(bytes[0]).toBe(1);
    expect(inspectBlob(bytes)).toMatchObject({ layout: "unknown", problem: "ERR_KSM_SEALED_NOT_A_CONFIG" });

    place.kms.calls.clear();
    await expect(open({ keyId: arn }).load()).rejects.toMatchObject({ code: "ERR_KSM_SEALED_NOT_A_CONFIG" });
    expect(place.kms.calls.count()).toBe(0);

    const moving = open({ keyId: arn, importDirect: true });
    expect(await moving.load()).toEqual(values);
    await moving.save({ ...values, label: "moved" });
    expect(inspectBlob(await readFile(place.path)).layout).toBe("standard");
  });

  it("seals a configuration that lay in the clear, or leaves it when the service refuses", async () => {
    const { arn } = await place.kms.createKey();
    const text = JSON.stringify(values);
    await writeFile(place.path, text, { mode: 0o600 });
    place.kms.faults.add({ fault: { kind: "deny" } });
    await expect(open({ keyId: arn }).load()).rejects.toMatchObject({ code: "ERR_KSM_KMS_ACCESS_DENIED" });
    expect(await readFile(place.path, "utf8")).toBe(text);
    place.kms.faults.clear();
    expect(await open({ keyId: arn }).load()).toEqual(values);
    expect(inspectBlob(await readFile(place.path)).isProtected).toBe(true);
  });

  it("opens with the key that it was sealed under only", async () => {
    const [one, two] = [await place.kms.createKey(), await place.kms.createKey()];
    await open({ keyId: one.arn }).save(values);
    const before = await readFile(place.path);
    await expect(open({ keyId: two.arn }).load()).rejects.toMatchObject({
      code: "ERR_KSM_KMS_UNWRAP_FAILED",
      cause: { name: "IncorrectKeyException" },
    });
    place.kms.faults.add({ operation: "Decrypt", fault: { kind: "corrupt" } });
    await expect(open({ keyId: one.arn }).load()).rejects.toMatchObject({
      code: "ERR_KSM_SEALED_AUTH_FAILED",
    });
    expect(await readFile(place.path)).toEqual(before);
  });
});

describe("options that cannot work", () => {
  it.each([
    [{ requestTimeoutMs: -5 }],
    [{ requestTimeoutMs: 0 }],
    [{ requestTimeoutMs: "x" }],
    [{ maxAttempts: 0 }],
    [{ maxAttempts: "a" }],
    [{ client: {} }],
    [{ client: null }],
    [{ endpoint: "localhost:1" }],
    [{ endpoint: "" }],
    [{ credentials: { accessKeyId: "x" } }],
    [{ credentials: null }],
    [{ encryptionContext: "x" }],
    [{ encryptionContext: { a: 1 } }],
    [{ kmsTimeoutMs: NaN }],
    [{ plaintext: "refused" }],
  ])("%o are refused at once", (options) => {
    const make = () => awsKmsStorage({ keyId: "alias/ksm", path: place.path, ...(options as object) });
    expect(make).toThrow(expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }));
  });

  it("credentials that turn out to be incomplete are named as such", async () => {
    const credentials = async () => ({ accessKeyId: "x" }) as never;
    const storage = awsKmsStorage({ ...place.connection, credentials, keyId: "alias/ksm", path: place.path });
    await expect(storage.save({ hostname: "h.example" })).rejects.toMatchObject({
      code: "ERR_KSM_KMS_CREDENTIALS",
    });
  });
});
