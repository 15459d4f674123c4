import { beforeEach, afterEach, describe, expect, it, vi } from "vitest";
import { KeyManagementServiceClient } from "@google-cloud/kms";
import type { GoogleAlgorithm } from "@ksmkit/kms-fakes/google";
import { gcpKmsKey } from "../src/gcp-kms-storage.ts";
import { context, dataKey, noSleep, rsaKeyPem, startService, type TestService } from "./service.ts";
import type { GcpKmsKeyOptions } from "../src/options.ts";

const privateKeyPem = rsaKeyPem();
let service: TestService;

beforeEach(async () => {
  service = await startService();
});

afterEach(() => service.close());

const code = (name: string): { code: string } => ({ code: `ERR_KSM_KMS_${name}` });

describe("key names", () => {
  const key = "projects/example.com:p-1/locations/europe-west1/keyRings/r_1/cryptoKeys/k-1";

  it.each([
    [key, key],
    [`${key}/cryptoKeyVersions/12`, `${key}/cryptoKeyVersions/12`],
    [
      { project: "p", location: "global", keyRing: "r", key: "k" },
      "projects/p/locations/global/keyRings/r/cryptoKeys/k",
    ],
    [
      { project: "p", location: "global", keyRing: "r", key: "k", version: 3 },
      "projects/p/locations/global/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3",
    ],
  ])("are taken: %j", (keyName, keyId) => {
    expect(gcpKmsKey({ keyName })).toMatchObject({ provider: "Google Cloud KMS", keyId });
  });

  it.each([
    "",
    "a/b/c/d/e/f/g/h/i/j",
    `${key}/`,
    `${key}/cryptoKeyVersions/`,
    `${key}/cryptoKeyVersions/None`,
    `${key}/cryptoKeyVersions/0`,
    `${key}/cryptoKeyVersions/1/more`,
    ` ${key}`,
    key.replace("projects", "project"),
    { project: "p", location: "", keyRing: "r", key: "k" },
    { project: "p/locations/x", location: "global", keyRing: "r", key: "k" },
    undefined,
  ])("are refused at once: %j", (keyName) => {
    expect(() => gcpKmsKey({ keyName } as GcpKmsKeyOptions)).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });

  it.each([
    { purpose: "asymmetric" },
    { purpose: "raw" },
    { purpose: "signing" },
    { requestTimeoutMs: 0 },
    { keyName: `${key}/cryptoKeyVersions/1`, purpose: "asymmetric", additionalAuthenticatedData: "x" },
  ])("so are options that do not go together: %j", (options) => {
    expect(() => gcpKmsKey({ keyName: key, ...options } as GcpKmsKeyOptions)).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });
});

describe("symmetric keys", () => {
  it("KSM-945: decrypt by the name without version, asymmetric ones with", async () => {
    const symmetric = await service.kms.createKey();
    const pinned = gcpKmsKey({ keyName: symmetric.primary.name, client: service.client });
    await pinned.unwrap(await pinned.wrap(dataKey, context()), context());
    const asymmetric = await service.kms.createKey({
      algorithm: "RSA_DECRYPT_OAEP_2048_SHA256",
      privateKeyPem,
    });
    const rsa = gcpKmsKey({ keyName: asymmetric.primary.name, client: service.client });
    await rsa.unwrap(await rsa.wrap(dataKey, context()), context());
    const decryptions = service.kms.calls.all().filter(({ operation }) => operation.endsWith("ecrypt"));
    expect(decryptions).toEqual([
      { operation: "Decrypt", key: symmetric.name },
      { operation: "AsymmetricDecrypt", key: asymmetric.primary.name },
    ]);
  });

  it("encrypt with the primary version, or the one that is named", async () => {
    const key = await service.kms.createKey();
    const [first] = key.versions;
    await key.addVersion();
    const names: unknown[] = [];
    service.kms.faults.add({
      operation: "Encrypt",
      fault: { kind: "change", change: (answer) => (names.push(answer["name"]), answer) },
    });
    const options = { client: service.client };
    for (const keyName of [key.name, first!.name]) {
      const wrapper = gcpKmsKey({ keyName, ...options });
      const wrapped = await wrapper.wrap(dataKey, context());
      expect([...(await wrapper.unwrap(wrapped, context()))]).toEqual([...dataKey]);
    }
    expect(names).toEqual([key.primary.name, first!.name]);
  });

  it("bind to additional authenticated data", async () => {
    const key = await service.kms.createKey();
    const keyed = (additionalAuthenticatedData?: string | Uint8Array) =>
      gcpKmsKey({ keyName: key.name, client: service.client, additionalAuthenticatedData });
    const wrapped = await keyed("app=billing").wrap(dataKey, context());
    expect([...(await keyed(Buffer.from("app=billing")).unwrap(wrapped, context()))]).toEqual([...dataKey]);
    for (const other of [undefined, "app=other"])
      await expect(keyed(other).unwrap(wrapped, context())).rejects.toMatchObject(code("UNWRAP_FAILED"));
  });
});

describe("asymmetric keys", () => {
  it.each([
    ["RSA_DECRYPT_OAEP_2048_SHA256", "RSA_DECRYPT_OAEP_4096_SHA512"],
    ["RSA_DECRYPT_OAEP_2048_SHA1", "RSA_DECRYPT_OAEP_2048_SHA256"],
  ] as const)(
    "take the algorithm from the version (%s), not the template (%s)",
    async (algorithm, templateAlgorithm) => {
      const wrapper = await service.wrapper({ algorithm, templateAlgorithm, privateKeyPem });
      const wrapped = await wrapper.wrap(dataKey, context());
      expect([...(await wrapper.unwrap(wrapped, context()))]).toEqual([...dataKey]);
    },
  );

  it("cost two calls when the purpose is given, and the public key is asked for once", async () => {
    const wrapper = await service.wrapper(
      { algorithm: "RSA_DECRYPT_OAEP_2048_SHA256", privateKeyPem },
      { purpose: "asymmetric" },
    );
    await wrapper.unwrap(await wrapper.wrap(dataKey, context()), context());
    await wrapper.wrap(dataKey, context());
    expect(service.kms.calls.operations()).toEqual(["GetPublicKey", "AsymmetricDecrypt"]);
  });
});

describe("the purpose of a key", () => {
  it.each([
    ["GOOGLE_SYMMETRIC_ENCRYPTION", ["GetCryptoKeyVersion", "Encrypt"], "Decrypt"],
    ["RSA_DECRYPT_OAEP_2048_SHA256", ["GetCryptoKeyVersion", "GetPublicKey"], "AsymmetricDecrypt"],
    ["AES_256_GCM", ["GetCryptoKeyVersion", "RawEncrypt"], "RawDecrypt"],
  ] as [GoogleAlgorithm, string[], string][])(
    "is asked for once before encrypting, never for opening: %s",
    async (algorithm, wrapping, unwrapping) => {
      const { primary } = await service.kms.createKey({ algorithm, privateKeyPem });
      const create = () => gcpKmsKey({ keyName: primary.name, client: service.client });
      const wrapped = await create().wrap(dataKey, context());
      expect(service.kms.calls.operations()).toEqual(wrapping);
      service.kms.calls.clear();
      expect([...(await create().unwrap(wrapped, context()))]).toEqual([...dataKey]);
      expect(service.kms.calls.operations()).toEqual([unwrapping]);
    },
  );

  it.each(["AES_256_CBC", "AES_256_CTR", "HMAC_SHA256", "EC_SIGN_P256_SHA256"] as const)(
    "must be encryption that authenticates: %s",
    async (algorithm) => {
      const { primary } = await service.kms.createKey({ algorithm });
      const wrapper = gcpKmsKey({ keyName: primary.name, client: service.client });
      await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("KEY_UNSUPPORTED"));
    },
  );

  it("is not believed blindly: a raw key without authentication is refused although it was called raw", async () => {
    const wrapper = await service.wrapper({ algorithm: "AES_256_CBC" }, { purpose: "raw" });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("KEY_UNSUPPORTED"));
  });

  it("shows a version out of use before anything is encrypted", async () => {
    const { primary } = await service.kms.createKey({ algorithm: "AES_256_GCM" });
    primary.state = "DISABLED";
    const wrapper = gcpKmsKey({ keyName: primary.name, client: service.client });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("KEY_DISABLED"));
  });
});

const wrong = { value: "1" };

describe("answers that cannot be relied on", () => {
  it.each<[GoogleAlgorithm, "wrap" | "unwrap", string, Record<string, unknown>]>([
    ["GOOGLE_SYMMETRIC_ENCRYPTION", "wrap", "Encrypt", { ciphertextCrc32c: wrong }],
    ["GOOGLE_SYMMETRIC_ENCRYPTION", "wrap", "Encrypt", { ciphertextCrc32c: null }],
    ["GOOGLE_SYMMETRIC_ENCRYPTION", "wrap", "Encrypt", { verifiedPlaintextCrc32c: false }],
    ["GOOGLE_SYMMETRIC_ENCRYPTION", "wrap", "Encrypt", { ciphertext: Buffer.alloc(0) }],
    ["GOOGLE_SYMMETRIC_ENCRYPTION", "unwrap", "Decrypt", { plaintextCrc32c: wrong }],
    ["GOOGLE_SYMMETRIC_ENCRYPTION", "unwrap", "Decrypt", { plaintextCrc32c: null }],
    ["GOOGLE_SYMMETRIC_ENCRYPTION", "unwrap", "Decrypt", { plaintext: Buffer.alloc(0) }],
    ["RSA_DECRYPT_OAEP_2048_SHA256", "wrap", "GetPublicKey", { name: "another version" }],
    ["RSA_DECRYPT_OAEP_2048_SHA256", "wrap", "GetPublicKey", { pem: "" }],
    ["RSA_DECRYPT_OAEP_2048_SHA256", "wrap", "GetPublicKey", { pemCrc32c: wrong }],
    ["RSA_DECRYPT_OAEP_2048_SHA256", "wrap", "GetPublicKey", { pemCrc32c: null }],
    ["RSA_DECRYPT_OAEP_2048_SHA256", "unwrap", "AsymmetricDecrypt", { verifiedCiphertextCrc32c: false }],
    ["RSA_DECRYPT_OAEP_2048_SHA256", "unwrap", "AsymmetricDecrypt", { plaintextCrc32c: wrong }],
    ["AES_256_GCM", "wrap", "RawEncrypt", { initializationVectorCrc32c: null }],
    ["AES_256_GCM", "wrap", "RawEncrypt", { verifiedAdditionalAuthenticatedDataCrc32c: false }],
    ["AES_256_GCM", "wrap", "RawEncrypt", { ciphertextCrc32c: wrong }],
    ["AES_256_GCM", "unwrap", "RawDecrypt", { verifiedInitializationVectorCrc32c: false }],
    ["AES_256_GCM", "unwrap", "RawDecrypt", { plaintextCrc32c: wrong }],
  ])("%s, %s: %s with %j", async (algorithm, direction, operation, change) => {
    const wrapper = await service.wrapper({ algorithm, privateKeyPem });
    const wrapped = direction === "unwrap" ? await wrapper.wrap(dataKey, context()) : dataKey;
    service.kms.faults.add({
      operation,
      fault: { kind: "change", change: (good) => ({ ...good, ...change }) },
    });
    await expect(wrapper[direction](wrapped, context())).rejects.toMatchObject(code("BAD_RESPONSE"));
  });

  it("an algorithm that is none for encryption", async () => {
    const wrapper = await service.wrapper(
      { algorithm: "RSA_DECRYPT_OAEP_2048_SHA256", privateKeyPem },
      { purpose: "asymmetric" },
    );
    const change = (good: Record<string, unknown>) => ({ ...good, algorithm: "RSA_SIGN_PSS_2048_SHA256" });
    service.kms.faults.add({ operation: "GetPublicKey", fault: { kind: "change", change } });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("KEY_UNSUPPORTED"));
  });
});

describe("a service that does not answer", () => {
  it("is asked again after a lost attempt, three times in all", async () => {
    const pauses: number[] = [];
    const sleep = async (ms: number): Promise<void> => void pauses.push(ms);
    const wrapper = await service.wrapper({}, { sleep, requestTimeoutMs: 40 });
    service.kms.faults.add({ operation: "Encrypt", times: 1, fault: { kind: "hang" } });
    await expect(wrapper.wrap(dataKey, context())).resolves.toBeDefined();
    expect([service.kms.calls.count("Encrypt"), pauses]).toEqual([2, [100]]);
    service.kms.faults.clear();
    service.kms.faults.add({ fault: { kind: "unavailable" } });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("UNAVAILABLE"));
    expect([service.kms.calls.count("Encrypt"), pauses]).toEqual([5, [100, 100, 300]]);
  });

  it("is not asked again when the time is over", async () => {
    const wrapper = await service.wrapper({}, { requestTimeoutMs: 20 });
    service.kms.faults.add({ fault: { kind: "hang" } });
    const ended = new AbortController();
    const sleep = noSleep;
    const call = gcpKmsKey({
      keyName: wrapper.keyId,
      client: service.client,
      sleep,
      requestTimeoutMs: 20,
    }).wrap(dataKey, { purpose: "data-key", signal: ended.signal });
    ended.abort(new Error("over"));
    await expect(call).rejects.toThrow("over");
    expect(service.kms.calls.count()).toBeLessThanOrEqual(1);
  });

  it("because nobody listens", async () => {
    const wrapper = await service.wrapper(
      {},
      { client: undefined, clientOptions: { ...service.kms.clientOptions } },
    );
    await service.kms.close();
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject({
      ...code("UNAVAILABLE"),
      retryable: true,
    });
    await wrapper.close?.();
  });
});

describe("credentials", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("that are not there are one clean error, for a client of its own and for a given one", async () => {
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/credentials.json");
    // It has nothing open that could be closed.
    const given = new KeyManagementServiceClient();
    for (const client of [undefined, given]) {
      const wrapper = await service.wrapper({}, { client });
      await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("CREDENTIALS"));
      await wrapper.close?.();
    }
  });
});
