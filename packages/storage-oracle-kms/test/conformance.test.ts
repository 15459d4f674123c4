import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyWrapperConformance, storageConformance } from "@ksmkit/core/testing";
import { describe, expect, it } from "vitest";
import { oracleKmsStorage } from "../src/oracle-kms-storage.ts";
import { rsaKeys, startService } from "./service.ts";

const runner = { describe, it, expect };

for (const [algorithm, given] of [
  ["AES", undefined],
  ["AES", "AES"],
  ["RSA", undefined],
  ["RSA", "RSA"],
] as const) {
  keyWrapperConformance(runner, {
    name: `Oracle Vault, ${algorithm}, ${given ? "told" : "found out"}`,
    takesContent: algorithm === "AES",
    create: async () => {
      const service = await startService();
      const [wrapper, other] = await Promise.all(
        rsaKeys.map((privateKeyPem) => service.wrapper({ algorithm, privateKeyPem }, { algorithm: given })),
      );
      return { wrapper: wrapper!, other: other!, cleanup: () => service.kms.close() };
    },
  });
}

storageConformance(runner, {
  name: "Oracle Vault",
  create: async () => {
    const directory = await mkdtemp(join(tmpdir(), "ksmkit-oracle-"));
    const { kms, connection } = await startService();
    const { id } = await kms.createKey();
    const open = () =>
      oracleKmsStorage({ path: join(directory, "client-config.bin"), keyId: id, ...connection });
    return {
      storage: open(),
      reopen: async () => open(),
      cleanup: async () => {
        await kms.close();
        await rm(directory, { recursive: true });
      },
    };
  },
});
