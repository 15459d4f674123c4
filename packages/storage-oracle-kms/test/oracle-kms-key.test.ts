import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { crc32 } from "node:zlib";
import { KmsCryptoClient } from "oci-keymanagement";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { oracleKmsKey, oracleKmsStorage } from "../src/oracle-kms-storage.ts";
import { authOf, context, dataKey, rsaKeys, startService, type TestService } from "./service.ts";
import type { OracleKmsKeyOptions } from "../src/options.ts";

let service: TestService;

beforeEach(async () => {
  service = await startService();
});

afterEach(() => service.kms.close());

const code = (name: string): { code: string } => ({ code: `ERR_KSM_KMS_${name}` });
const keyId = "ocid1.key.oc1.iad.a";
const cryptoEndpoint = "https://a-crypto.kms.us-ashburn-1.oraclecloud.com";

describe("options", () => {
  it.each([
    { keyId: "" },
    { keyId: "alias/x" },
    { keyId: undefined },
    { cryptoEndpoint: undefined },
    { cryptoEndpoint: "a-crypto.example" },
    { cryptoEndpoint: "http://a-crypto.example" },
    { keyVersionId: "2" },
    { algorithm: "ECDSA" },
    { algorithm: "RSA", associatedData: { a: "b" } },
    { requestTimeoutMs: 0 },
  ])("are refused at once when they cannot be used: %j", (options) => {
    expect(() => oracleKmsKey({ keyId, cryptoEndpoint, ...options } as OracleKmsKeyOptions)).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });

  it("need no endpoint with a ready client", async () => {
    const client = new KmsCryptoClient({ authenticationDetailsProvider: authOf(service.user) });
    client.endpoint = service.kms.endpoint;
    const key = await service.kms.createKey();
    const wrapper = oracleKmsKey({ keyId: key.id, client });
    const wrapped = await wrapper.wrap(dataKey, context());
    expect([...(await wrapper.unwrap(wrapped, context()))]).toEqual([...dataKey]);
    client.shutdownCircuitBreaker();
  });
});

describe("calls", () => {
  it.each([
    ["AES", "AES", ["encrypt", "decrypt"]],
    ["RSA", "RSA", ["encrypt", "decrypt"]],
    ["AES", undefined, ["encrypt", "decrypt"]],
    // The first refusal tells the kind; the second encryption knows it.
    ["RSA", undefined, ["encrypt", "encrypt", "decrypt"]],
  ] as const)("%s key, algorithm %s: %j", async (algorithm, given, operations) => {
    const wrapper = await service.wrapper({ algorithm }, { algorithm: given });
    const wrapped = await wrapper.wrap(dataKey, context());
    expect([...(await wrapper.unwrap(wrapped, context()))]).toEqual([...dataKey]);
    expect(service.kms.calls.operations()).toEqual(operations);
    service.kms.calls.clear();
    await wrapper.wrap(dataKey, context());
    expect(service.kms.calls.operations()).toEqual(["encrypt"]);
  });

  it("open what an RSA key sealed with one decryption and without being told", async () => {
    const key = await service.kms.createKey({ algorithm: "RSA", privateKeyPem: rsaKeys[0] });
    const create = () => oracleKmsKey({ keyId: key.id, ...service.connection });
    const wrapped = await create().wrap(dataKey, context());
    service.kms.calls.clear();
    expect([...(await create().unwrap(wrapped, context()))]).toEqual([...dataKey]);
    expect(service.kms.calls.operations()).toEqual(["decrypt"]);
  });

  it("find the version of what was sealed before a rotation; a named one encrypts", async () => {
    const key = await service.kms.createKey();
    const wrapper = oracleKmsKey({ keyId: key.id, ...service.connection });
    const wrapped = await wrapper.wrap(dataKey, context());
    const next = await key.addVersion();
    expect([...(await wrapper.unwrap(wrapped, context()))]).toEqual([...dataKey]);
    const named = oracleKmsKey({ keyId: key.id, keyVersionId: next.id, ...service.connection });
    expect([...(await wrapper.unwrap(await named.wrap(dataKey, context()), context()))]).toEqual([
      ...dataKey,
    ]);
    await expect(named.unwrap(wrapped, context())).rejects.toMatchObject(code("UNWRAP_FAILED"));
  });

  it("bind to associated data", async () => {
    const key = await service.kms.createKey();
    const keyed = (associatedData?: Record<string, string>) =>
      oracleKmsKey({ keyId: key.id, associatedData, ...service.connection });
    const wrapped = await keyed({ app: "billing" }).wrap(dataKey, context());
    expect([...(await keyed({ app: "billing" }).unwrap(wrapped, context()))]).toEqual([...dataKey]);
    await expect(keyed().unwrap(wrapped, context())).rejects.toMatchObject(code("UNWRAP_FAILED"));
  });

  it("refuse a key that does not encrypt", async () => {
    const wrapper = await service.wrapper({ algorithm: "ECDSA" });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("KEY_UNSUPPORTED"));
  });
});

describe("KSM-866, KSM-870: the checksum of the plaintext", () => {
  it("is CRC-32 of IEEE 802.3: the known value", () => {
    expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
  });

  it("equal is good", async () => {
    const wrapper = await service.wrapper();
    const wrapped = await wrapper.wrap(dataKey, context());
    expect([...(await wrapper.unwrap(wrapped, context()))]).toEqual([...dataKey]);
  });

  it.each(["0", "", "not a number", undefined])("anything else is not: %j", async (plaintextChecksum) => {
    const wrapper = await service.wrapper();
    const wrapped = await wrapper.wrap(dataKey, context());
    const change = (good: Record<string, unknown>) => ({ ...good, plaintextChecksum });
    service.kms.faults.add({ operation: "decrypt", fault: { kind: "change", change } });
    await expect(wrapper.unwrap(wrapped, context())).rejects.toMatchObject(code("BAD_RESPONSE"));
  });
});

describe("credentials", () => {
  it("of a forger are refused", async () => {
    const forger = authOf({ ...service.user, privateKey: rsaKeys[1] });
    const wrapper = await service.wrapper({}, { auth: forger });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("CREDENTIALS"));
  });

  it("are read from the SDK's configuration file and its profile", async () => {
    const directory = await mkdtemp(join(tmpdir(), "ksmkit-oci-"));
    const { user, tenancy, fingerprint, privateKey } = service.user;
    await writeFile(join(directory, "key.pem"), privateKey, { mode: 0o600 });
    const profile = (name: string, userId: string): string[] => [
      `[${name}]`,
      `user=${userId}`,
      `fingerprint=${fingerprint}`,
      `tenancy=${tenancy}`,
      "region=us-ashburn-1",
      `key_file=${join(directory, "key.pem")}`,
    ];
    const lines = [...profile("DEFAULT", "ocid1.user.oc1..nobody"), ...profile("PROD", user)];
    const configFile = join(directory, "config");
    await writeFile(configFile, lines.join("\n"));
    const wrapper = await service.wrapper({}, { auth: undefined, configFile, profile: "PROD" });
    expect((await wrapper.wrap(dataKey, context())).length).toBeGreaterThan(32);
    await rm(directory, { recursive: true });
  });

  it("that are not there are one clean error, and can be put there later", async () => {
    const wrapper = await service.wrapper({}, { auth: undefined, configFile: "/nowhere/config" });
    for (let i = 0; i < 2; i++)
      await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("CREDENTIALS"));
  });
});

describe("a service that misbehaves", () => {
  it.each([
    [{ kind: "garbage" }, "BAD_RESPONSE"],
    [{ kind: "change", change: () => ({}) }, "BAD_RESPONSE"],
    [{ kind: "drop" }, "UNAVAILABLE"],
    [{ kind: "error", error: "Odd", status: 418 }, "REFUSED"],
  ] as const)("%j is %s, and the console stays silent", async (fault, expected) => {
    const wrapper = await service.wrapper();
    service.kms.faults.add({ operation: "encrypt", fault });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code(expected));
  });

  it("is asked again after a lost attempt, three times in all", async () => {
    const wrapper = await service.wrapper({}, { requestTimeoutMs: 40 });
    service.kms.faults.add({ operation: "encrypt", times: 1, fault: { kind: "hang" } });
    await expect(wrapper.wrap(dataKey, context())).resolves.toBeDefined();
    service.kms.faults.clear();
    service.kms.calls.clear();
    service.kms.faults.add({ fault: { kind: "unavailable" } });
    await expect(wrapper.wrap(dataKey, context())).rejects.toMatchObject(code("UNAVAILABLE"));
    expect(service.kms.calls.count()).toBe(3);
  });

  it("gets its reason into the error, but no data key", async () => {
    const wrapper = await service.wrapper();
    service.kms.faults.add({ fault: { kind: "deny" } });
    const error = (await wrapper.wrap(dataKey, context()).catch((thrown: unknown) => thrown)) as Error;
    expect(error.cause).toMatchObject({ statusCode: 404, serviceCode: "NotAuthorizedOrNotFound" });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(
      Buffer.from(dataKey).toString("base64"),
    );
  });
});

describe("files of the official clients", () => {
  interface Vectors {
    keys: Record<
      string,
      {
        provider: string;
        id: string;
        keyVersionId: string;
        algorithm: "AES" | "RSA";
        aesKeyHex?: string;
        privateKeyPkcs8Pem?: string;
      }
    >;
    vectors: { id: string; provider: string; key: string; plaintext: string; blobBase64: string }[];
  }
  const file = new URL("../../core/test/vectors/kms-blobs.json", import.meta.url);
  const { keys, vectors } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
  const ours = vectors.filter(({ provider }) => provider === "oracle");

  async function open(bytes: Uint8Array<ArrayBuffer>, name: string, importDirect = false): Promise<string> {
    const { id, keyVersionId, algorithm, aesKeyHex, privateKeyPkcs8Pem } = keys[name]!;
    const material = aesKeyHex === undefined ? undefined : Buffer.from(aesKeyHex, "hex");
    await service.kms.createKey({
      id,
      versionId: keyVersionId,
      algorithm,
      material,
      privateKeyPem: privateKeyPkcs8Pem,
    });
    const storage = oracleKmsStorage({
      store: { description: "vector", read: async () => ({ bytes }) },
      keyId: id,
      importDirect,
      ...service.connection,
    });
    return storage.decryptConfig();
  }

  it("are there to be tested", () => {
    expect(ours.length).toBeGreaterThan(2);
  });

  it.each(ours)("opens with the real SDK client: $id", async ({ key, plaintext, blobBase64 }) => {
    const bytes = Uint8Array.from(Buffer.from(blobBase64, "base64"));
    expect(JSON.parse(await open(bytes, key))).toEqual(JSON.parse(plaintext));
    expect(service.kms.calls.operations()).toEqual(["decrypt"]);
  });

  it("opens the Go client's files: the wrapped key as text in wide lengths, or the whole file as text", async () => {
    for (const { key, plaintext, blobBase64 } of ours.filter(({ id }) => id.startsWith("js-"))) {
      const file = Buffer.from(blobBase64, "base64");
      const parts: Buffer[] = [];
      for (let at = 2; at < file.length;) {
        const length = file.readUInt16BE(at);
        parts.push(file.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      }
      parts[0] = Buffer.from(parts[0]!.toString("base64"));
      const framed = parts.flatMap((part) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(part.length);
        return [length, part];
      });
      // A nonce of 16 bytes is not the Go client's, but no matter for what is tested here.
      const bytes = Uint8Array.from(Buffer.concat([Buffer.from([0xff, 0xff]), ...framed]));
      expect(JSON.parse(await open(bytes, key))).toEqual(JSON.parse(plaintext));
    }
  });

  it("opens a whole configuration that the service encrypted, stored as its text", async () => {
    const key = await service.kms.createKey();
    const wrapper = oracleKmsKey({ keyId: key.id, ...service.connection });
    const sealed = await wrapper.wrap(
      Buffer.from('{"hostname":"h.example","clientId":"c"}'),
      context("content"),
    );
    const bytes = Uint8Array.from(Buffer.from(Buffer.from(sealed).toString("base64")));
    const storage = oracleKmsStorage({
      store: { description: "go file", read: async () => ({ bytes }) },
      keyId: key.id,
      importDirect: true,
      ...service.connection,
    });
    expect(await storage.load()).toEqual({ hostname: "h.example", clientId: "c" });
  });
});
