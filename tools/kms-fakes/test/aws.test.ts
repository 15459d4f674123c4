import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startAwsKms, type AwsKms } from "../src/aws/index.ts";

let kms: AwsKms;
let client: KMSClient;

beforeEach(async () => {
  kms = await startAwsKms();
  client = new KMSClient(kms.clientOptions);
});

afterEach(async () => {
  client.destroy();
  await kms.close();
});

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);

describe("AWS KMS fake", () => {
  it("seals and opens under a symmetric key, whichever way it is named", async () => {
    const key = await kms.createKey({ alias: "config" });
    for (const KeyId of [
      key.id,
      key.arn,
      "alias/config",
      "arn:aws:kms:us-east-1:111122223333:alias/config",
    ]) {
      const sealed = await client.send(new EncryptCommand({ KeyId, Plaintext: dataKey }));
      expect(sealed.KeyId).toBe(key.arn);
      const opened = await client.send(new DecryptCommand({ KeyId, CiphertextBlob: sealed.CiphertextBlob }));
      expect([...opened.Plaintext!]).toEqual([...dataKey]);
    }
    expect(kms.calls.count("Encrypt")).toBe(4);
    expect(kms.calls.all()[0]).toEqual({ operation: "Encrypt", key: key.id, identity: "AKIDSTANDIN" });
  });

  it("holds blobs to their key and encryption context", async () => {
    const [one, two] = [await kms.createKey(), await kms.createKey()];
    const EncryptionContext = { app: "ksm", env: "prod" };
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: one.arn, Plaintext: dataKey, EncryptionContext }),
    );
    const open = (input: object): Promise<unknown> =>
      client.send(new DecryptCommand({ KeyId: one.arn, CiphertextBlob, ...input }));
    await expect(open({ EncryptionContext: { env: "prod", app: "ksm" } })).resolves.toBeDefined();
    await expect(open({})).rejects.toMatchObject({ name: "InvalidCiphertextException" });
    await expect(open({ KeyId: two.arn, EncryptionContext })).rejects.toMatchObject({
      name: "IncorrectKeyException",
    });
    await expect(open({ KeyId: undefined, EncryptionContext })).resolves.toMatchObject({ KeyId: one.arn });
  });

  it("uses RSA keys with their algorithm only", async () => {
    const key = await kms.createKey({ spec: "RSA_2048" });
    const rsa = { KeyId: key.arn, EncryptionAlgorithm: "RSAES_OAEP_SHA_256" } as const;
    const { CiphertextBlob } = await client.send(new EncryptCommand({ ...rsa, Plaintext: dataKey }));
    expect(CiphertextBlob).toHaveLength(256);
    const opened = await client.send(new DecryptCommand({ ...rsa, CiphertextBlob }));
    expect([...opened.Plaintext!]).toEqual([...dataKey]);
    await expect(
      client.send(new EncryptCommand({ KeyId: key.arn, Plaintext: dataKey })),
    ).rejects.toMatchObject({ name: "InvalidKeyUsageException" });
  });

  it("describes keys and their states", async () => {
    const key = await kms.createKey();
    key.state = "Disabled";
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: key.arn }));
    expect(KeyMetadata).toMatchObject({ KeySpec: "SYMMETRIC_DEFAULT", KeyState: "Disabled", Enabled: false });
    const encrypt = new EncryptCommand({ KeyId: key.arn, Plaintext: dataKey });
    await expect(client.send(encrypt)).rejects.toMatchObject({ name: "DisabledException" });
    key.state = "PendingDeletion";
    await expect(client.send(encrypt)).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    await expect(client.send(new DescribeKeyCommand({ KeyId: "alias/none" }))).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });

  it("makes data keys that Decrypt opens", async () => {
    const key = await kms.createKey();
    const made = await client.send(new GenerateDataKeyCommand({ KeyId: key.arn, KeySpec: "AES_256" }));
    const opened = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect([...opened.Plaintext!]).toEqual([...made.Plaintext!]);
  });

  it("lets only the named credentials use a key", async () => {
    const key = await kms.createKey({ allowedTo: ["AKIDOTHER"] });
    await expect(
      client.send(new EncryptCommand({ KeyId: key.arn, Plaintext: dataKey })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it.each([
    [{ kind: "deny" }, { name: "AccessDeniedException" }],
    [{ kind: "throttle" }, { name: "ThrottlingException" }],
    [{ kind: "unavailable" }, { name: "KMSInternalException" }],
    [{ kind: "drop" }, { code: "ECONNRESET" }],
    [{ kind: "garbage" }, { name: "SyntaxError" }],
    [{ kind: "error", error: "LimitExceededException" }, { name: "LimitExceededException" }],
  ] as const)("fails as ordered: %j", async (fault, expected) => {
    const key = await kms.createKey();
    kms.faults.add({ operation: "Encrypt", after: 1, times: 1, fault });
    const encrypt = new EncryptCommand({ KeyId: key.arn, Plaintext: dataKey });
    await expect(client.send(encrypt)).resolves.toBeDefined();
    await expect(client.send(encrypt)).rejects.toMatchObject(expected);
    await expect(client.send(encrypt)).resolves.toBeDefined();
  });

  it("hangs until the caller gives up, delays until told, and corrupts", async () => {
    const key = await kms.createKey();
    const encrypt = new EncryptCommand({ KeyId: key.arn, Plaintext: dataKey });
    kms.faults.add({ times: 1, fault: { kind: "hang" } });
    await expect(client.send(encrypt, { abortSignal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      name: "AbortError",
    });
    let release = (): void => {};
    kms.faults.clear();
    kms.faults.add({ times: 1, fault: { kind: "delay", until: new Promise<void>((go) => (release = go)) } });
    const waiting = client.send(encrypt);
    release();
    const { CiphertextBlob } = await waiting;
    kms.faults.clear();
    kms.faults.add({ fault: { kind: "corrupt" } });
    const opened = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect([...opened.Plaintext!]).not.toEqual([...dataKey]);
  });
});
