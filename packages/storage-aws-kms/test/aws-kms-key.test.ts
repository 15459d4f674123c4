import { KMS, KMSClient } from "@aws-sdk/client-kms";
import { storageConformance, keyWrapperConformance } from "@ksmkit/core/testing";
import type { KeyWrapper, WrapContext } from "@ksmkit/core/sealed";
import { startAwsKms } from "@ksmkit/kms-fakes/aws";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { awsKmsKey, awsKmsStorage } from "../src/index.ts";
import { usePlace } from "./service.ts";
import type { AwsKmsKeyOptions } from "../src/options.ts";

const runner = { describe, it, expect };
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const context: WrapContext = { purpose: "data-key", signal: new AbortController().signal };

for (const spec of ["SYMMETRIC_DEFAULT", "RSA_2048"] as const)
  keyWrapperConformance(runner, {
    name: `AWS KMS, ${spec}`,
    takesContent: spec === "SYMMETRIC_DEFAULT",
    create: async () => {
      const kms = await startAwsKms();
      const make = async (): Promise<KeyWrapper> =>
        awsKmsKey({ ...kms.clientOptions, keyId: (await kms.createKey({ spec })).arn });
      return { wrapper: await make(), other: await make(), cleanup: () => kms.close() };
    },
  });

storageConformance(runner, {
  name: "AWS KMS, a file under a symmetric key",
  create: async () => {
    const kms = await startAwsKms();
    const { arn } = await kms.createKey();
    const directory = await mkdtemp(join(tmpdir(), "ksmkit-aws-"));
    const make = () =>
      awsKmsStorage({ ...kms.clientOptions, keyId: arn, path: join(directory, "config.bin") });
    return {
      storage: make(),
      reopen: async () => make(),
      cleanup: async () => {
        await kms.close();
        await rm(directory, { recursive: true });
      },
    };
  },
});

const place = usePlace();
const key = (options: AwsKmsKeyOptions = {}): KeyWrapper => awsKmsKey({ ...place.connection, ...options });

describe("awsKmsKey", () => {
  it.each([undefined, ""])(
    "takes the key id from the environment for %j, the JavaScript name first",
    (keyId) => {
      const named = (env: Record<string, string>): string => awsKmsKey({ keyId, env }).keyId;
      expect(named({ KSM_AWS_KEY_ID: "alias/a", KSM_KMS_KEY_ID: "alias/b" })).toBe("alias/a");
      expect(named({ KSM_AWS_KEY_ID: "", KSM_KMS_KEY_ID: "alias/b" })).toBe("alias/b");
      expect(() => awsKmsKey({ keyId, env: {} })).toThrow(/KSM_AWS_KEY_ID/);
    },
  );

  it("refuses options that cannot work, at once", () => {
    const refused = expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" });
    expect(() => key({ keyId: "k", keySpec: "ECC_NIST_P256" as never })).toThrow(refused);
    const withContext = { keyId: "k", keySpec: "RSA_2048", encryptionContext: { app: "x" } } as const;
    expect(() => key(withContext)).toThrow(refused);
    expect(() => key({ keyId: 5 as never })).toThrow(refused);
  });

  it("knows an RSA key by the service's answer, or is told, and asks for no description", async () => {
    const { arn } = await place.kms.createKey({ spec: "RSA_2048" });
    const found = key({ keyId: arn });
    const wrapped = await found.wrap(dataKey, context);
    expect(await found.unwrap(wrapped, context)).toEqual(dataKey);
    await found.wrap(dataKey, context);
    expect(place.kms.calls.operations()).toEqual(["Encrypt", "Encrypt", "Decrypt", "Encrypt"]);
    place.kms.calls.clear();
    const told = key({ keyId: arn, keySpec: "RSA_2048" });
    expect(await told.unwrap(await told.wrap(dataKey, context), context)).toEqual(dataKey);
    expect(place.kms.calls.operations()).toEqual(["Encrypt", "Decrypt"]);
  });

  it.each(["RSA_3072", "RSA_4096"] as const)(
    "opens what %s wrapped in one call, by its length",
    async (spec) => {
      const { arn } = await place.kms.createKey({ spec });
      const wrapped = await key({ keyId: arn, keySpec: spec }).wrap(dataKey, context);
      place.kms.calls.clear();
      expect(await key({ keyId: arn }).unwrap(wrapped, context)).toEqual(dataKey);
      expect(place.kms.calls.operations()).toEqual(["Decrypt"]);
    },
  );

  it.each([
    ["ECC_NIST_P256", undefined],
    ["HMAC_256", undefined],
    ["RSA_2048", "SIGN_VERIFY"],
  ] as const)("says what is wrong with a key of %s for %s", async (spec, usage) => {
    const { arn } = await place.kms.createKey({ spec, usage });
    await expect(key({ keyId: arn }).wrap(dataKey, context)).rejects.toMatchObject({
      code: "ERR_KSM_KMS_KEY_UNSUPPORTED",
      message: expect.stringContaining(`It is ${spec} for`),
      keyId: arn,
      cause: { name: "InvalidKeyUsageException" },
    });
    place.kms.faults.add({ operation: "DescribeKey", fault: { kind: "deny" } });
    await expect(key({ keyId: arn }).wrap(dataKey, context)).rejects.toMatchObject({
      code: "ERR_KSM_KMS_KEY_UNSUPPORTED",
    });
  });

  it("takes a key by alias, and a client of either kind", async () => {
    await place.kms.createKey({ alias: "ksm" });
    for (const client of [new KMSClient(place.kms.clientOptions), new KMS(place.kms.clientOptions)]) {
      const wrapper = awsKmsKey({ keyId: "alias/ksm", client });
      const wrapped = await wrapper.wrap(dataKey, context);
      await wrapper.close?.();
      // Closing leaves a given client open.
      expect(await wrapper.unwrap(wrapped, context)).toEqual(dataKey);
      client.destroy();
    }
  });

  it("binds to the encryption context", async () => {
    const { arn } = await place.kms.createKey();
    const encryptionContext = { app: "orders", stage: "prod" };
    const wrapped = await key({ keyId: arn, encryptionContext }).wrap(dataKey, context);
    expect(await key({ keyId: arn, encryptionContext }).unwrap(wrapped, context)).toEqual(dataKey);
    for (const other of [undefined, { app: "orders" }])
      await expect(
        key({ keyId: arn, encryptionContext: other }).unwrap(wrapped, context),
      ).rejects.toMatchObject({
        code: "ERR_KSM_KMS_UNWRAP_FAILED",
      });
    const rsa = await place.kms.createKey({ spec: "RSA_2048" });
    await expect(key({ keyId: rsa.arn, encryptionContext }).wrap(dataKey, context)).rejects.toMatchObject({
      code: "ERR_KSM_KMS_KEY_UNSUPPORTED",
    });
  });

  it("encrypts whole configurations up to the service's limit", async () => {
    const { arn } = await place.kms.createKey();
    const content = { ...context, purpose: "content" } as const;
    const whole = new Uint8Array(4096).fill(1);
    expect(await key({ keyId: arn }).unwrap(await key({ keyId: arn }).wrap(whole, content), content)).toEqual(
      whole,
    );
    await expect(key({ keyId: arn }).wrap(new Uint8Array(4097), content)).rejects.toMatchObject({
      code: "ERR_KSM_SEALED_TOO_LARGE",
    });
  });
});

describe("failures of AWS KMS", () => {
  const faults: [string, () => void, object][] = [
    [
      "denied",
      () => place.kms.faults.add({ fault: { kind: "deny" } }),
      { code: "ERR_KSM_KMS_ACCESS_DENIED" },
    ],
    [
      "throttled",
      () => place.kms.faults.add({ fault: { kind: "throttle" } }),
      { code: "ERR_KSM_KMS_THROTTLED", retryable: true },
    ],
    [
      "failing",
      () => place.kms.faults.add({ fault: { kind: "unavailable" } }),
      { code: "ERR_KSM_KMS_UNAVAILABLE", retryable: true },
    ],
    [
      "hanging up",
      () => place.kms.faults.add({ fault: { kind: "drop" } }),
      { code: "ERR_KSM_KMS_UNAVAILABLE", retryable: true },
    ],
    [
      "garbage",
      () => place.kms.faults.add({ fault: { kind: "garbage" } }),
      { code: "ERR_KSM_KMS_BAD_RESPONSE" },
    ],
    [
      "without fields",
      () => place.kms.faults.add({ fault: { kind: "change", change: () => ({}) } }),
      { code: "ERR_KSM_KMS_BAD_RESPONSE" },
    ],
    ...(
      [
        ["KMSInvalidStateException", "ERR_KSM_KMS_KEY_DISABLED"],
        ["DependencyTimeoutException", "ERR_KSM_KMS_UNAVAILABLE"],
        ["KeyUnavailableException", "ERR_KSM_KMS_UNAVAILABLE"],
        ["LimitExceededException", "ERR_KSM_KMS_THROTTLED"],
        ["UnrecognizedClientException", "ERR_KSM_KMS_CREDENTIALS"],
        ["ExpiredTokenException", "ERR_KSM_KMS_CREDENTIALS"],
        ["SomethingNewException", "ERR_KSM_KMS_REFUSED"],
      ] as const
    ).map(([error, code]): [string, () => void, object] => [
      error,
      () => place.kms.faults.add({ fault: { kind: "error", error } }),
      { code, cause: { name: error } },
    ]),
  ];

  it.each(faults)("%s", async (_, arrange, expected) => {
    const wrapper = key({ keyId: (await place.kms.createKey()).arn });
    arrange();
    await expect(wrapper.wrap(dataKey, context)).rejects.toMatchObject({ name: "KmsError", ...expected });
  });

  it("unknown and disabled keys", async () => {
    await expect(key({ keyId: "alias/none" }).wrap(dataKey, context)).rejects.toMatchObject({
      code: "ERR_KSM_KMS_KEY_NOT_FOUND",
      message: expect.stringContaining("alias/none"),
    });
    const disabled = await place.kms.createKey();
    const wrapped = await key({ keyId: disabled.arn }).wrap(dataKey, context);
    disabled.state = "Disabled";
    await expect(key({ keyId: disabled.arn }).unwrap(wrapped, context)).rejects.toMatchObject({
      code: "ERR_KSM_KMS_KEY_DISABLED",
    });
  });

  it("no answer within the limits, whichever ends first", async () => {
    const { arn } = await place.kms.createKey();
    place.kms.faults.add({ fault: { kind: "hang" } });
    const late = { code: "ERR_KSM_KMS_TIMEOUT", retryable: true };
    await expect(key({ keyId: arn, requestTimeoutMs: 20 }).wrap(dataKey, context)).rejects.toMatchObject(
      late,
    );
    const storage = awsKmsStorage({ ...place.connection, keyId: arn, path: place.path, kmsTimeoutMs: 20 });
    await expect(storage.save({ hostname: "h.example" })).rejects.toMatchObject(late);
    await storage.close();
  });

  it("nobody at the address", async () => {
    await place.kms.close();
    await expect(key({ keyId: "k" }).wrap(dataKey, context)).rejects.toMatchObject({
      code: "ERR_KSM_KMS_UNAVAILABLE",
    });
  });

  it("no region", async () => {
    const { region: _, ...connection } = place.kms.clientOptions;
    await expect(
      withoutRegion(() => awsKmsKey({ ...connection, keyId: "k" }).wrap(dataKey, context)),
    ).rejects.toMatchObject({
      code: "ERR_KSM_KMS_CREDENTIALS",
      message: expect.stringMatching(/No region is set\. Pass option region, .* AWS_REGION/) as string,
    });
  });

  it("the SDK's own retries", async () => {
    const { arn } = await place.kms.createKey();
    place.kms.faults.add({ fault: { kind: "unavailable" }, times: 2 });
    const wrapper = awsKmsKey({ ...place.kms.clientOptions, maxAttempts: 3, keyId: arn });
    await expect(wrapper.wrap(dataKey, context)).resolves.toBeInstanceOf(Uint8Array);
  });
});

/** Runs with nothing in the environment or on disk that names a region. */
async function withoutRegion<T>(work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"]) delete process.env[name];
  process.env["AWS_CONFIG_FILE"] = process.env["AWS_SHARED_CREDENTIALS_FILE"] = join(place.directory, "none");
  try {
    return await work();
  } finally {
    process.env = before;
  }
}
