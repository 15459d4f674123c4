import { SimpleAuthenticationDetailsProvider } from "oci-common";
import { KmsCryptoClient, KmsManagementClient, models } from "oci-keymanagement";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { crc32 } from "node:zlib";
import { startOracleKms, type OracleKms, type OracleUser } from "../src/oracle/index.ts";

let kms: OracleKms;
let user: OracleUser;
let client: KmsCryptoClient;

function authOf({
  tenancy,
  user: id,
  fingerprint,
  privateKey,
}: OracleUser): SimpleAuthenticationDetailsProvider {
  return new SimpleAuthenticationDetailsProvider(tenancy, id, fingerprint, privateKey, null);
}

function clientFor(who: OracleUser): KmsCryptoClient {
  const made = new KmsCryptoClient({ authenticationDetailsProvider: authOf(who) });
  made.endpoint = kms.endpoint;
  return made;
}

beforeEach(async () => {
  kms = await startOracleKms();
  user = await kms.createUser();
  client = clientFor(user);
  // The SDK prints every failed request itself.
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(async () => {
  client.shutdownCircuitBreaker();
  await kms.close();
});

const dataKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const plaintext = dataKey.toString("base64");

describe("Oracle Vault fake", () => {
  it("seals and opens under an AES key, also after a rotation", async () => {
    const key = await kms.createKey();
    const { encryptedData } = await client.encrypt({ encryptDataDetails: { keyId: key.id, plaintext } });
    await key.addVersion();
    const { decryptedData } = await client.decrypt({
      decryptDataDetails: { keyId: key.id, ciphertext: encryptedData.ciphertext },
    });
    expect(decryptedData).toMatchObject({ plaintext, plaintextChecksum: String(crc32(dataKey)) });
    expect(kms.calls.all()[0]).toEqual({ operation: "encrypt", key: key.id, identity: user.user });
  });

  it("uses RSA keys with their algorithm only", async () => {
    const key = await kms.createKey({ algorithm: "RSA" });
    const encryptionAlgorithm = models.EncryptDataDetails.EncryptionAlgorithm.RsaOaepSha256;
    const { encryptedData } = await client.encrypt({
      encryptDataDetails: { keyId: key.id, plaintext, encryptionAlgorithm },
    });
    expect(Buffer.from(encryptedData.ciphertext, "base64")).toHaveLength(256);
    await expect(
      client.decrypt({ decryptDataDetails: { keyId: key.id, ciphertext: encryptedData.ciphertext } }),
    ).rejects.toMatchObject({ statusCode: 400, serviceCode: "InvalidParameter" });
  });

  it("tells what a key is", async () => {
    const key = await kms.createKey({ algorithm: "RSA" });
    const management = new KmsManagementClient({ authenticationDetailsProvider: authOf(user) });
    management.endpoint = kms.endpoint;
    const answer = await management.getKey({ keyId: key.id });
    expect(answer.key.keyShape.algorithm).toBe("RSA");
    management.shutdownCircuitBreaker();
  });

  it("refuses strangers, foreign signatures, disabled and unknown keys", async () => {
    const key = await kms.createKey({ allowedTo: [user.user] });
    const encrypt = (by: KmsCryptoClient, keyId = key.id): Promise<unknown> =>
      by.encrypt({ encryptDataDetails: { keyId, plaintext } });
    const other = await kms.createUser();
    await expect(encrypt(clientFor(other))).rejects.toMatchObject({ statusCode: 404 });
    const forger = clientFor({ ...user, privateKey: other.privateKey });
    await expect(encrypt(forger)).rejects.toMatchObject({ statusCode: 401, serviceCode: "NotAuthenticated" });
    await expect(encrypt(client, "ocid1.key.oc1.iad.none")).rejects.toMatchObject({ statusCode: 404 });
    key.state = "DISABLED";
    await expect(encrypt(client)).rejects.toMatchObject({ statusCode: 409 });
  });

  it.each([
    [{ kind: "deny" }, { statusCode: 404 }],
    [{ kind: "throttle" }, { statusCode: 429 }],
    [{ kind: "unavailable" }, { statusCode: 503 }],
  ] as const)("fails as ordered: %j", async (fault, expected) => {
    const key = await kms.createKey();
    kms.faults.add({ operation: "encrypt", times: 1, fault });
    const encrypt = (): Promise<unknown> =>
      client.encrypt({ encryptDataDetails: { keyId: key.id, plaintext } });
    await expect(encrypt()).rejects.toMatchObject(expected);
    await expect(encrypt()).resolves.toBeDefined();
  });
});
