/** A serverless script: import, configuration from the environment, one secret. */
import { printCost } from "../harness/process-cost.ts";

const { SecretsManager } = await import("@ksmkit/core");
const { fromEnvironment } = await import("@ksmkit/core/node");
const manager = new SecretsManager({ ...fromEnvironment() });
const { records } = await manager.getSecrets({ uids: [process.env["RECORD_UID"] ?? ""] });
if (records.length !== 1) throw new Error("the record is missing");
manager.close();
printCost();
