/**
 * `npm run example -- kms-config`: a device bound under an AWS KMS key. The vault and the key service run on this
 * machine, with real cryptography; leave out `endpoint`, `region` and `credentials` for the real service.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecretsManager } from "@ksmkit/core";
import { textStore } from "@ksmkit/core/sealed";
import { startVault } from "@ksmkit/emulator";
import { startAwsKms } from "@ksmkit/kms-fakes/aws";
import { awsKmsKey, awsKmsStorage } from "@ksmkit/storage-aws-kms";
import { memoryCluster } from "./memory-cluster.ts";
import { kubernetesSecret } from "./secret-stores.ts";

function heading(text: string): void {
  console.log(`\n${text}`);
}

function line(label: string, value: unknown): void {
  console.log(`  ${label.padEnd(30)} ${typeof value === "string" ? value : JSON.stringify(value)}`);
}

const vault = await startVault();
const kms = await startAwsKms();
const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId, caFile = "" } = vault.ksm;
const server = { hostname, serverPublicKey, serverPublicKeyId, ca: await readFile(caFile, "utf8") };
const { endpoint, region, credentials } = kms.clientOptions;
const connection = { endpoint, region, credentials };
await kms.createKey({ alias: "ksm" });
await kms.createKey({ alias: "ksm-next", spec: "RSA_2048" });
const folder = await mkdtemp(join(tmpdir(), "ksmkit-kms-"));
/** The calls that the key service has seen since the last time. */
function calls(): string {
  const operations = kms.calls.operations();
  kms.calls.clear();
  return operations.join(", ") || "none";
}

try {
  const path = join(folder, "client-config.bin");
  const place = { ...connection, keyId: "alias/ksm", path };

  heading("Binding a device under alias/ksm");
  const storage = awsKmsStorage(place);
  await new SecretsManager({ storage, token: oneTimeTokens[0], ...server }).bind();
  line("calls to the key service", calls());
  line("the file on disk", await storage.inspect());

  heading("The next process opens it");
  const manager = new SecretsManager({ storage: awsKmsStorage(place), ...server });
  line("records", (await manager.getSecrets()).records.length);
  line("calls to the key service", calls());

  heading("From a variable, on a read-only disk");
  const variable = (await readFile(path)).toString("base64");
  const store = textStore(variable, { source: "KSM_CONFIG" });
  const inContainer = new SecretsManager({ storage: awsKmsStorage({ ...place, store }), ...server });
  line("records", (await inContainer.getSecrets()).records.length);

  heading("In a Kubernetes secret");
  const secret = kubernetesSecret(memoryCluster(), { name: "device", namespace: "app", key: "ksm" });
  const inCluster = awsKmsStorage({ ...place, store: secret });
  await new SecretsManager({ storage: inCluster, token: oneTimeTokens[1], ...server }).bind();
  line(inCluster.description, (await inCluster.inspect())?.layout);
  calls();

  heading("A configuration in the clear is sealed when it is opened");
  const clear = join(folder, "config.json");
  await writeFile(clear, await storage.decryptConfig(), { mode: 0o600 });
  const migrated = awsKmsStorage({ ...place, path: clear });
  line("before", (await migrated.inspect())?.layout);
  await migrated.load();
  line("after", (await migrated.inspect())?.layout);

  heading("Changing to an RSA key");
  await storage.changeKey(awsKmsKey({ ...connection, keyId: "alias/ksm-next" }));
  line("wrapped under", (await storage.inspect())?.keyFamily);
  await awsKmsStorage(place)
    .load()
    .catch((error: unknown) => line("with the old key", (error as { code: string }).code));

  heading("The key service denies");
  kms.faults.add({ fault: { kind: "deny" } });
  await awsKmsStorage({ ...place, keyId: "alias/ksm-next" })
    .load()
    .catch((error: unknown) => line((error as { code: string }).code, (error as Error).message));
} finally {
  await Promise.all([kms.close(), vault.close()]);
  await rm(folder, { recursive: true });
}
heading("Done.");
