import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { byteStoreConformance } from "@ksmkit/core/testing";
import { describe, expect, it } from "vitest";
import { memoryCluster } from "../src/memory-cluster.ts";
import {
  awsSecret,
  googleSecret,
  kubernetesSecret,
  type AwsSecrets,
  type GoogleSecrets,
} from "../src/secret-stores.ts";

const runner = { describe, it, expect };

byteStoreConformance(runner, {
  name: "Kubernetes secret",
  create: async () => {
    const cluster = memoryCluster();
    const make = () => kubernetesSecret(cluster, { name: "device", namespace: "app", key: "ksm" });
    return { store: make(), reopen: make };
  },
});

byteStoreConformance(runner, {
  name: "AWS secret",
  compares: false,
  create: async () => {
    let value: Uint8Array | undefined;
    const client: AwsSecrets = {
      getSecretValue: async () => {
        if (value === undefined)
          throw Object.assign(new Error("none"), { name: "ResourceNotFoundException" });
        return { SecretBinary: value };
      },
      putSecretValue: async ({ SecretBinary }) => {
        value = Uint8Array.from(SecretBinary);
      },
    };
    const make = () => awsSecret(client, "ksm/device");
    return { store: make(), reopen: make };
  },
});

byteStoreConformance(runner, {
  name: "Google secret",
  compares: false,
  create: async () => {
    const versions: Uint8Array[] = [];
    const client: GoogleSecrets = {
      accessSecretVersion: async ({ name }) => {
        const data = versions.at(-1);
        if (data === undefined) throw Object.assign(new Error("none"), { code: 5 });
        return [{ name: name.replace("latest", String(versions.length)), payload: { data } }];
      },
      addSecretVersion: async ({ payload }) => versions.push(Uint8Array.from(payload.data)),
    };
    const make = () => googleSecret(client, "projects/p/secrets/s");
    return { store: make(), reopen: make };
  },
});

describe("example kms-config", () => {
  it("runs to its end", async () => {
    const program = fileURLToPath(new URL("../src/kms-config.ts", import.meta.url));
    const args = ["--conditions=ksmkit-source", "--no-warnings", program];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/calls to the key service +Encrypt, Decrypt\n/);
    expect(stdout).toMatch(/Done\.\n$/);
  });
});
