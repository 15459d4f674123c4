import { describeOutcomes, describeRegressions, type CloudFixture } from "@ksmkit/kms-fakes/suites";
import { oracleKmsKey, oracleKmsStorage } from "../src/oracle-kms-storage.ts";
import { startService } from "./service.ts";

const operations = { wrap: "encrypt", unwrap: "decrypt" } as const;

async function create(): Promise<CloudFixture> {
  const { kms, connection } = await startService();
  const [key, other] = [await kms.createKey(), await kms.createKey()];
  return {
    storage: (path, options) => oracleKmsStorage({ path, keyId: key.id, ...connection, ...options }),
    otherKey: () => oracleKmsKey({ keyId: other.id, ...connection }),
    missingKey: () => oracleKmsKey({ keyId: "ocid1.key.oc1.iad.none", ...connection }),
    fail: (operation, kind) => kms.faults.add({ operation: operations[operation], fault: { kind } }),
    heal: () => kms.faults.clear(),
    disable: () => {
      key.state = "DISABLED";
    },
    calls: (operation) => kms.calls.count(operation && operations[operation]),
    close: () => kms.close(),
  };
}

describeOutcomes({
  name: "Oracle Vault",
  create,
  // The service does not tell a key that is not there from one that is not for the caller.
  missing: "ERR_KSM_KMS_ACCESS_DENIED",
  damagedAnswer: "ERR_KSM_KMS_BAD_RESPONSE",
});
describeRegressions({ name: "Oracle Vault", create });
