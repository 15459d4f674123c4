/** The vendor's SDK, one task per process. */
import {
  getSecrets,
  getValue,
  initializeStorage,
  inMemoryStorage,
  loadJsonConfig,
  type SecretManagerOptions,
} from "@keeper-security/secrets-manager-core";
import type { Task } from "../harness/client-process.ts";
import { measure } from "../harness/measure.ts";

async function bind(task: Task): Promise<string> {
  const values: Record<string, string> = {};
  const storage = inMemoryStorage(values);
  await initializeStorage(storage, task.config, task.hostname);
  await getSecrets({
    storage,
    ...(task.serverPublicKey === undefined ? {} : { serverPublicKey: task.serverPublicKey }),
    ...(task.serverPublicKeyId === undefined ? {} : { serverPublicKeyId: task.serverPublicKeyId }),
  });
  return JSON.stringify(values);
}

async function run(task: Task): Promise<unknown> {
  if (task.name === "bind") return bind(task);
  const options: SecretManagerOptions = { storage: loadJsonConfig(task.config) };
  const references = task.references ?? [];
  switch (task.name) {
    case "getSecret":
      return measure(() => getSecrets(options, references), task.calls, task.warmUps);
    case "notation": {
      const secrets = await getSecrets(options);
      return measure(
        () => references.map((notation) => getValue(secrets, notation)),
        task.calls,
        task.warmUps,
      );
    }
    default:
      return measure(() => getSecrets(options), task.calls, task.warmUps);
  }
}

process.once("message", (task: Task) => {
  void run(task).then((result) => process.send?.(result));
});
