import { describeOutcomes, describeRegressions, type CloudFixture } from "@ksmkit/kms-fakes/suites";
import { azureKeyVaultKey, azureKeyVaultStorage } from "../src/azure-keyvault-storage.ts";
import { rsaKeys, startService } from "./service.ts";

const operations = { wrap: "wrapKey", unwrap: "unwrapKey" } as const;

async function create(): Promise<CloudFixture> {
  const { vault, connection } = await startService();
  const [key, other] = await Promise.all(rsaKeys.map((privateKeyPem) => vault.createKey({ privateKeyPem })));
  return {
    storage: (path, options) => azureKeyVaultStorage({ path, keyId: key!.id, ...connection, ...options }),
    otherKey: () => azureKeyVaultKey({ keyId: other!.id, ...connection }),
    missingKey: () => azureKeyVaultKey({ keyId: `${vault.url}/keys/none`, ...connection }),
    fail: (operation, kind) => vault.faults.add({ operation: operations[operation], fault: { kind } }),
    heal: () => vault.faults.clear(),
    disable: () => {
      key!.versions[0]!.enabled = false;
    },
    calls: (operation) => vault.calls.count(operation && operations[operation]),
    close: () => vault.close(),
  };
}

describeOutcomes({ name: "Azure Key Vault", create, damagedAnswer: "ERR_KSM_SEALED_AUTH_FAILED" });
describeRegressions({ name: "Azure Key Vault", create });
