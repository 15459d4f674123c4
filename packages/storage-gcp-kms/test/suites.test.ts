import { describeOutcomes, describeRegressions, type CloudFixture } from "@ksmkit/kms-fakes/suites";
import { gcpKmsKey, gcpKmsStorage } from "../src/gcp-kms-storage.ts";
import { noSleep, startService } from "./service.ts";

const operations = { wrap: "Encrypt", unwrap: "Decrypt" } as const;

async function create(): Promise<CloudFixture> {
  const { kms, client, close } = await startService();
  const [key, other] = [await kms.createKey(), await kms.createKey()];
  const keyFor = (keyName: string) => gcpKmsKey({ keyName, client, sleep: noSleep });
  return {
    storage: (path, options) =>
      gcpKmsStorage({ path, keyName: key.name, client, sleep: noSleep, ...options }),
    otherKey: () => keyFor(other.name),
    missingKey: () => keyFor(`${key.name}-none`),
    fail: (operation, kind) => kms.faults.add({ operation: operations[operation], fault: { kind } }),
    heal: () => kms.faults.clear(),
    disable: () => {
      key.primary.state = "DISABLED";
    },
    calls: (operation) => kms.calls.count(operation && operations[operation]),
    close,
  };
}

describeOutcomes({ name: "Google Cloud KMS", create, damagedAnswer: "ERR_KSM_KMS_BAD_RESPONSE" });
describeRegressions({ name: "Google Cloud KMS", create });
