/** Binds one device into a storage under a cloud key, in a process of its own, and counts what is written to files. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** What to bind, and how. */
export type BindingTask = {
  /** The configuration file; what is written in its folder counts. */
  path: string;
  token: string;
  hostname: string;
  serverPublicKey: string;
  serverPublicKeyId: string;
} & (
  | {
      sdk: "ksmkit";
      keyId: string;
      endpoint: string;
      region: string;
      accessKeyId: string;
      secretAccessKey: string;
    }
  | { sdk: "vendor"; keyId: string; endpoint: string; ociConfig: string }
);

/** What it took. */
export interface BindingResult {
  /** How often a file was opened for writing. */
  writes: number;
}

let writes = 0;

/** Counts every opening for writing, by whichever function, before any module imports one of them. */
function countWrites(): void {
  const { promises } = fs;
  const { open, writeFile } = promises;
  const { writeFile: writeWithCallback, writeFileSync } = fs;
  promises.open = (path, flags, mode) => {
    if (typeof flags === "string" && /[wa+]/.test(flags)) writes++;
    return open(path, flags, mode);
  };
  promises.writeFile = (...args) => {
    writes++;
    return writeFile(...args);
  };
  const counted = { writeFile: writeWithCallback, writeFileSync };
  for (const [name, original] of Object.entries(counted))
    Object.assign(fs, {
      [name]: (...args: unknown[]): unknown => {
        writes++;
        return Reflect.apply(original, fs, args);
      },
    });
  syncBuiltinESMExports();
}

async function bindWithOurs(task: BindingTask & { sdk: "ksmkit" }): Promise<void> {
  const { SecretsManager } = await import("@ksmkit/core");
  const { awsKmsStorage } = await import("@ksmkit/storage-aws-kms");
  const { keyId, endpoint, region, accessKeyId, secretAccessKey, path, sdk: _, ...client } = task;
  const credentials = { accessKeyId, secretAccessKey };
  const storage = awsKmsStorage({ keyId, endpoint, region, credentials, path });
  await new SecretsManager({ storage, ...client }).bind();
}

async function bindWithTheirs(task: BindingTask & { sdk: "vendor" }): Promise<void> {
  const { getSecrets, initializeStorage } = await import("@keeper-security/secrets-manager-core");
  const oracle = await import("@keeper-security/secrets-manager-oracle-kv");
  const session = new oracle.OCISessionConfig(task.ociConfig, "DEFAULT", task.endpoint, task.endpoint);
  const storage = await new oracle.OciKeyValueStorage(task.keyId, null, task.path, session, null).init();
  await initializeStorage(storage, task.token, task.hostname);
  const { serverPublicKey, serverPublicKeyId } = task;
  await getSecrets({ storage, serverPublicKey, serverPublicKeyId });
}

process.once("message", (task: BindingTask) => {
  countWrites();
  const work = task.sdk === "ksmkit" ? bindWithOurs(task) : bindWithTheirs(task);
  void work.then(() => process.send?.({ writes } satisfies BindingResult, () => process.exit()));
});
