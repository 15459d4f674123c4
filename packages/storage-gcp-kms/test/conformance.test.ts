import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GoogleAlgorithm } from "@ksmkit/kms-fakes/google";
import { keyWrapperConformance, storageConformance } from "@ksmkit/core/testing";
import { describe, expect, it } from "vitest";
import { gcpKmsStorage } from "../src/gcp-kms-storage.ts";
import { noSleep, rsaKeyPem, startService } from "./service.ts";

const runner = { describe, it, expect };
/** Made once: a fresh one for every test would take most of its time. */
const rsaKeys = [rsaKeyPem(), rsaKeyPem()] as const;

for (const [algorithm, takesContent] of [
  ["GOOGLE_SYMMETRIC_ENCRYPTION", true],
  ["RSA_DECRYPT_OAEP_2048_SHA1", false],
  ["RSA_DECRYPT_OAEP_2048_SHA256", false],
  ["AES_256_GCM", false],
  ["AES_128_GCM", false],
] as [GoogleAlgorithm, boolean][]) {
  keyWrapperConformance(runner, {
    name: `Google Cloud KMS, ${algorithm}`,
    takesContent,
    create: async () => {
      const service = await startService();
      const [one, two] = rsaKeys.map((privateKeyPem) => ({ algorithm, privateKeyPem }));
      const [wrapper, other] = [await service.wrapper(one), await service.wrapper(two)];
      return { wrapper, other, cleanup: service.close };
    },
  });
}

keyWrapperConformance(runner, {
  name: "Google Cloud KMS, a client of its own",
  create: async () => {
    const service = await startService();
    const own = { client: undefined, clientOptions: { ...service.kms.clientOptions } };
    const [wrapper, other] = [await service.wrapper({}, own), await service.wrapper({}, own)];
    return { wrapper, other, cleanup: service.close };
  },
});

storageConformance(runner, {
  name: "Google Cloud KMS",
  create: async () => {
    const directory = await mkdtemp(join(tmpdir(), "ksmkit-gcp-"));
    const service = await startService();
    const { name } = await service.kms.createKey();
    const open = () =>
      gcpKmsStorage({
        path: join(directory, "client-config.bin"),
        keyName: name,
        client: service.client,
        sleep: noSleep,
      });
    return {
      storage: open(),
      reopen: async () => open(),
      cleanup: async () => {
        await service.close();
        await rm(directory, { recursive: true });
      },
    };
  },
});
