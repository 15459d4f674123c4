import { KeyManagementServiceClient } from "@google-cloud/kms";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crc32c } from "../src/google/crc32c.ts";
import { startGoogleKms, type GoogleKms } from "../src/google/index.ts";

let kms: GoogleKms;
let client: KeyManagementServiceClient;

beforeEach(async () => {
  kms = await startGoogleKms();
  client = new KeyManagementServiceClient(kms.clientOptions);
});

afterEach(async () => {
  await client.close();
  await kms.close();
});

const dataKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const checksum = (bytes: Uint8Array): { value: number } => ({ value: crc32c(bytes) });

describe("Google Cloud KMS fake", () => {
  it("computes the checksum of the published test values", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  });

  it("seals with the primary version and opens by key name only", async () => {
    const key = await kms.createKey();
    const [old] = await client.encrypt({
      name: key.name,
      plaintext: dataKey,
      plaintextCrc32c: checksum(dataKey),
    });
    expect(old).toMatchObject({ name: key.primary.name, verifiedPlaintextCrc32c: true });
    expect(Number(old.ciphertextCrc32c?.value)).toBe(crc32c(old.ciphertext as Buffer));
    await key.addVersion();
    const [fresh] = await client.encrypt({ name: key.name, plaintext: dataKey });
    expect(fresh).toMatchObject({ name: `${key.name}/cryptoKeyVersions/2`, verifiedPlaintextCrc32c: false });
    for (const { ciphertext } of [old, fresh]) {
      const [opened] = await client.decrypt({ name: key.name, ciphertext: ciphertext! });
      expect(opened.plaintext).toEqual(dataKey);
    }
    await expect(
      client.decrypt({ name: key.primary.name, ciphertext: fresh.ciphertext! }),
    ).rejects.toMatchObject({ code: 3 });
  });

  it("holds ciphertexts to their key and authenticated data, and requests to their checksums", async () => {
    const [one, two] = [await kms.createKey(), await kms.createKey()];
    const aad = Buffer.from("config");
    const [{ ciphertext }] = await client.encrypt({
      name: one.name,
      plaintext: dataKey,
      additionalAuthenticatedData: aad,
    });
    const open = (name: string, additionalAuthenticatedData?: Buffer): Promise<unknown> =>
      client.decrypt({
        name,
        ciphertext: ciphertext!,
        ...(additionalAuthenticatedData && { additionalAuthenticatedData }),
      });
    await expect(open(one.name, aad)).resolves.toBeDefined();
    await expect(open(one.name)).rejects.toMatchObject({ code: 3 });
    await expect(open(two.name, aad)).rejects.toMatchObject({ code: 3 });
    await expect(
      client.encrypt({ name: one.name, plaintext: dataKey, plaintextCrc32c: { value: 1 } }),
    ).rejects.toMatchObject({ code: 3 });
  });

  it("gives public keys with the version's algorithm and opens what they sealed", async () => {
    const key = await kms.createKey({
      algorithm: "RSA_DECRYPT_OAEP_2048_SHA256",
      templateAlgorithm: "RSA_DECRYPT_OAEP_4096_SHA512",
    });
    const [found] = await client.getCryptoKey({ name: key.name });
    expect(found).toMatchObject({ purpose: "ASYMMETRIC_DECRYPT", primary: null });
    expect(found.versionTemplate?.algorithm).toBe("RSA_DECRYPT_OAEP_4096_SHA512");
    const [publicKey] = await client.getPublicKey({ name: key.primary.name });
    expect(publicKey).toMatchObject({ name: key.primary.name, algorithm: "RSA_DECRYPT_OAEP_2048_SHA256" });
    expect(Number(publicKey.pemCrc32c?.value)).toBe(crc32c(Buffer.from(publicKey.pem!)));
    await expect(
      client.asymmetricDecrypt({ name: key.primary.name, ciphertext: Buffer.alloc(256) }),
    ).rejects.toMatchObject({ code: 3 });
  });

  it.each(["AES_256_GCM", "AES_128_GCM", "AES_256_CBC"] as const)(
    "works with raw keys: %s",
    async (algorithm) => {
      const { primary } = await kms.createKey({ algorithm });
      const [sealed] = await client.rawEncrypt({ name: primary.name, plaintext: dataKey });
      expect(sealed.initializationVector).toHaveLength(algorithm.endsWith("GCM") ? 12 : 16);
      const [opened] = await client.rawDecrypt({
        name: primary.name,
        ciphertext: sealed.ciphertext!,
        initializationVector: sealed.initializationVector!,
      });
      expect(opened.plaintext).toEqual(dataKey);
    },
  );

  it("refuses disabled versions, other purposes and unknown names", async () => {
    const [symmetric, mac] = [await kms.createKey(), await kms.createKey({ algorithm: "HMAC_SHA256" })];
    symmetric.primary.state = "DISABLED";
    for (const { name } of [symmetric, mac])
      await expect(client.encrypt({ name, plaintext: dataKey })).rejects.toMatchObject({ code: 9 });
    await expect(
      client.getCryptoKey({ name: "projects/p/locations/l/keyRings/r/cryptoKeys/k" }),
    ).rejects.toMatchObject({ code: 5 });
  });

  it.each([
    [{ kind: "deny" }, 7],
    [{ kind: "throttle" }, 8],
    [{ kind: "error", error: 13 }, 13],
  ] as const)("fails as ordered: %j", async (fault, code) => {
    const key = await kms.createKey();
    kms.faults.add({ operation: "Encrypt", times: 1, fault });
    const encrypt = (): Promise<unknown> => client.encrypt({ name: key.name, plaintext: dataKey });
    await expect(encrypt()).rejects.toMatchObject({ code });
    await expect(encrypt()).resolves.toBeDefined();
    expect(kms.calls.operations()).toEqual(["Encrypt", "Encrypt"]);
  });

  it("hangs until the caller gives up, and corrupts without touching the checksum", async () => {
    const key = await kms.createKey();
    kms.faults.add({ times: 1, fault: { kind: "hang" } });
    await expect(
      client.encrypt({ name: key.name, plaintext: dataKey }, { timeout: 20, retry: null }),
    ).rejects.toMatchObject({ code: 4 });
    kms.faults.clear();
    kms.faults.add({ fault: { kind: "corrupt" } });
    const [spoiled] = await client.encrypt({ name: key.name, plaintext: dataKey });
    expect(Number(spoiled.ciphertextCrc32c?.value)).not.toBe(crc32c(spoiled.ciphertext as Buffer));
  });
});
