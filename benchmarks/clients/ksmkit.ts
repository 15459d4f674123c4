/** ksmkit, one task per process. */
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import { evaluateLegacy, parseNotation, selectFirstRecord } from "@ksmkit/core/notation";
import type { Task } from "../harness/client-process.ts";
import { measure } from "../harness/measure.ts";

async function bind(task: Task): Promise<string> {
  const manager = new SecretsManager({
    storage: memoryStorage(),
    token: task.config,
    hostname: task.hostname,
    serverPublicKey: task.serverPublicKey,
    serverPublicKeyId: task.serverPublicKeyId,
  });
  await manager.bind();
  return manager.exportConfig();
}

async function run(task: Task): Promise<unknown> {
  if (task.name === "bind") return bind(task);
  const manager = new SecretsManager({ storage: memoryStorage(task.config) });
  const references = task.references ?? [];
  switch (task.name) {
    case "uids":
      return (await manager.getSecrets()).records.map(({ uid }) => uid);
    case "getSecret":
      return measure(() => manager.getSecrets({ uids: references }), task.calls, task.warmUps);
    case "getSecretsLazy":
      return measure(() => manager.getSecrets({ lazy: true }), task.calls, task.warmUps);
    case "notation": {
      const { records } = await manager.getSecrets();
      return measure(
        () =>
          references.map((notation) => {
            const parsed = parseNotation(notation, { legacy: true });
            return evaluateLegacy(selectFirstRecord(records, parsed), parsed);
          }),
        task.calls,
        task.warmUps,
      );
    }
    default:
      return measure(() => manager.getSecrets(), task.calls, task.warmUps);
  }
}

process.once("message", (task: Task) => {
  void run(task).then((result) => process.send?.(result));
});
