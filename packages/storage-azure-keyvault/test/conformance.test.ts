import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyWrapperConformance, storageConformance } from "@ksmkit/core/testing";
import { describe, expect, it } from "vitest";
import { azureKeyVaultStorage } from "../src/azure-keyvault-storage.ts";
import { rsaKeys, startService } from "./service.ts";

const runner = { describe, it, expect };

for (const algorithm of ["RSA-OAEP", "RSA-OAEP-256"] as const) {
  keyWrapperConformance(runner, {
    name: `Azure Key Vault, ${algorithm}`,
    takesContent: false,
    create: async () => {
      const service = await startService();
      const [wrapper, other] = await Promise.all(
        rsaKeys.map((privateKeyPem) => service.wrapper({ privateKeyPem }, { algorithm })),
      );
      return { wrapper: wrapper!, other: other!, cleanup: () => service.vault.close() };
    },
  });
}

storageConformance(runner, {
  name: "Azure Key Vault",
  create: async () => {
    const directory = await mkdtemp(join(tmpdir(), "ksmkit-azure-"));
    const { vault, connection } = await startService();
    const { id } = await vault.createKey({ privateKeyPem: rsaKeys[0] });
    const open = () =>
      azureKeyVaultStorage({ path: join(directory, "client-config.bin"), keyId: id, ...connection });
    return {
      storage: open(),
      reopen: async () => open(),
      cleanup: async () => {
        await vault.close();
        await rm(directory, { recursive: true });
      },
    };
  },
});
