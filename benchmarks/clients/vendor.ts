/** The vendor's SDK, one task per process. */
import {
  createSecret2,
  getFolders,
  getSecrets,
  getValue,
  initializeStorage,
  inMemoryStorage,
  loadJsonConfig,
  updateSecret,
  type SecretManagerOptions,
} from "@keeper-security/secrets-manager-core";
import type { Task } from "../harness/client-process.ts";
import { newLogin } from "../harness/new-login.ts";
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

async function create(task: Task, options: SecretManagerOptions): Promise<unknown> {
  const folders = await getFolders(options);
  const folderUid = folders[0]?.folderUid ?? "";
  return measure(() => createSecret2(options, { folderUid }, newLogin()), task.calls, task.warmUps);
}

/** Its save leaves the object with the old revision: the next one needs the record read again. */
async function save(task: Task, options: SecretManagerOptions): Promise<unknown> {
  const folders = await getFolders(options);
  const uid = await createSecret2(options, { folderUid: folders[0]?.folderUid ?? "" }, newLogin());
  let { records } = await getSecrets(options, [uid]);
  return measure(
    async () => {
      const [record] = records;
      if (record === undefined) throw new Error("the record is gone");
      const fields = record.data["fields"] as { type: string; value: unknown[] }[];
      for (const field of fields) if (field.type === "password") field.value = [crypto.randomUUID()];
      await updateSecret(options, record);
      ({ records } = await getSecrets(options, [uid]));
    },
    task.calls,
    task.warmUps,
  );
}

async function run(task: Task): Promise<unknown> {
  if (task.name === "bind") return bind(task);
  const options: SecretManagerOptions = { storage: loadJsonConfig(task.config) };
  const references = task.references ?? [];
  switch (task.name) {
    case "create":
      return create(task, options);
    case "save":
      return save(task, options);
    case "getSecret":
      return measure(() => getSecrets(options, references), task.calls, task.warmUps);
    case "resolve": {
      const uids = [...new Set(references.map((notation) => notation.split("/")[2] ?? ""))];
      return measure(
        async () => {
          const secrets = await getSecrets(options, uids);
          return references.map((notation) => getValue(secrets, notation));
        },
        task.calls,
        task.warmUps,
      );
    }
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
