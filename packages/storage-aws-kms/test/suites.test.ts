import { startAwsKms } from "@ksmkit/kms-fakes/aws";
import { describeOutcomes, describeRegressions, type CloudFixture } from "@ksmkit/kms-fakes/suites";
import { awsKmsKey, awsKmsStorage } from "../src/index.ts";

const operations = { wrap: "Encrypt", unwrap: "Decrypt" } as const;

async function create(): Promise<CloudFixture> {
  const kms = await startAwsKms();
  const connection = kms.clientOptions;
  const [key, other] = [await kms.createKey(), await kms.createKey()];
  return {
    storage: (path, options) => awsKmsStorage({ path, keyId: key.arn, ...connection, ...options }),
    otherKey: () => awsKmsKey({ keyId: other.arn, ...connection }),
    missingKey: () => awsKmsKey({ keyId: "alias/none", ...connection }),
    fail: (operation, kind) => kms.faults.add({ operation: operations[operation], fault: { kind } }),
    heal: () => kms.faults.clear(),
    disable: () => {
      key.state = "Disabled";
    },
    calls: (operation) => kms.calls.count(operation && operations[operation]),
    close: () => kms.close(),
  };
}

describeOutcomes({ name: "AWS KMS", create, damagedAnswer: "ERR_KSM_SEALED_AUTH_FAILED" });
describeRegressions({ name: "AWS KMS", create });
