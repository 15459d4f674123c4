/** The tasks in the vendor's names, for its SDK and for what replaces it. */
import type * as VendorSdk from "@keeper-security/secrets-manager-core";
import type { SecretManagerOptions } from "@keeper-security/secrets-manager-core";
import type { Task } from "../harness/client-process.ts";
import { newLogin } from "../harness/new-login.ts";
import { measure } from "../harness/measure.ts";

/** What the tasks call. */
type Sdk = Pick<
  typeof VendorSdk,
  | "createSecret2"
  | "downloadFile"
  | "getFolders"
  | "getSecrets"
  | "getValue"
  | "initializeStorage"
  | "inMemoryStorage"
  | "loadJsonConfig"
  | "updateSecret"
>;

/** Runs the task of this process with an SDK, and sends the result. */
export function runTasks(sdk: Sdk): void {
  process.once("message", (task: Task) => {
    void run(sdk, task).then((result) => process.send?.(result));
  });
}

async function bind({ getSecrets, initializeStorage, inMemoryStorage }: Sdk, task: Task): Promise<string> {
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

async function create(
  { createSecret2, getFolders }: Sdk,
  task: Task,
  options: SecretManagerOptions,
): Promise<unknown> {
  const folders = await getFolders(options);
  const folderUid = folders[0]?.folderUid ?? "";
  return measure(() => createSecret2(options, { folderUid }, newLogin()), task.calls, task.warmUps);
}

/** Its save leaves the object with the old revision: the next one needs the record read again. */
async function save(
  { createSecret2, getFolders, getSecrets, updateSecret }: Sdk,
  task: Task,
  options: SecretManagerOptions,
): Promise<unknown> {
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

async function download(
  { downloadFile, getSecrets }: Sdk,
  task: Task,
  options: SecretManagerOptions,
): Promise<unknown> {
  const [file] = (await getSecrets(options)).records.flatMap(({ files }) => files ?? []);
  if (file === undefined) throw new Error("the vault has no file");
  return measure(() => downloadFile(file), task.calls, task.warmUps);
}

async function run(sdk: Sdk, task: Task): Promise<unknown> {
  const { getFolders, getSecrets, getValue, loadJsonConfig } = sdk;
  if (task.name === "bind") return bind(sdk, task);
  const options: SecretManagerOptions = { storage: loadJsonConfig(task.config) };
  const references = task.references ?? [];
  switch (task.name) {
    case "create":
      return create(sdk, task, options);
    case "save":
      return save(sdk, task, options);
    case "getFolders":
      return measure(() => getFolders(options), task.calls, task.warmUps);
    case "downloadFile":
      return download(sdk, task, options);
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
