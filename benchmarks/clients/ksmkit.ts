/** ksmkit, one task per process. */
import { memoryStorage, SecretsManager, type KsmRecord } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import { evaluateLegacy, formatNotation, parseNotation, selectFirstRecord } from "@ksmkit/core/notation";
import { resolve } from "@ksmkit/core/references";
import type { Task } from "../harness/client-process.ts";
import { newLogin } from "../harness/new-login.ts";
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

/** Both sides have the folder's key: the vendor's SDK keeps every key that it has seen. */
async function create(task: Task): Promise<unknown> {
  const editor = new SecretsEditor({ storage: memoryStorage(task.config) });
  const { folders } = await editor.getFolders();
  const folderUid = folders[0]?.uid ?? "";
  return measure(
    () => editor.createRecord({ folderUid, record: newLogin(), folders }),
    task.calls,
    task.warmUps,
  );
}

/** Save after save of the same object. */
async function save(task: Task): Promise<unknown> {
  const editor = new SecretsEditor({ storage: memoryStorage(task.config) });
  const { folders } = await editor.getFolders();
  const uid = await editor.createRecord({ folderUid: folders[0]?.uid ?? "", record: newLogin(), folders });
  const record = await editor.getRecord(uid);
  return measure(
    () => {
      record.setField("password", crypto.randomUUID());
      return editor.updateRecord(record);
    },
    task.calls,
    task.warmUps,
  );
}

/** Five notations of each record that lead to one value in every SDK. */
function notationsOf({ uid, fields }: KsmRecord): string[] {
  const named = fields.flatMap(({ label, type, value }) => {
    const name = label || type;
    const matches = fields.filter((field) => field.label === name || field.type === name);
    const fit = typeof name === "string" && matches.length === 1 && Array.isArray(value) && value.length > 0;
    return fit ? [formatNotation({ record: uid, selector: "field", parameter: name })] : [];
  });
  const always = ["title", "type"].map((selector) => `keeper://${uid}/${selector}`);
  return [...named, ...named.map((notation) => `${notation}[0]`), ...always, ...always, ...always].slice(
    0,
    5,
  );
}

async function download(manager: SecretsManager, task: Task): Promise<unknown> {
  const [file] = (await manager.getSecrets()).records.flatMap(({ files }) => files);
  if (file === undefined) throw new Error("the vault has no file");
  return measure(() => manager.downloadFile(file), task.calls, task.warmUps);
}

async function run(task: Task): Promise<unknown> {
  if (task.name === "bind") return bind(task);
  const manager = new SecretsManager({ storage: memoryStorage(task.config) });
  const references = task.references ?? [];
  switch (task.name) {
    case "uids":
      return (await manager.getSecrets()).records.map(({ uid }) => uid);
    case "titles":
      return (await manager.getSecrets()).records.map(({ title }) => title);
    case "getFolders":
      return measure(() => manager.getFolders(), task.calls, task.warmUps);
    case "downloadFile":
      return download(manager, task);
    case "references":
      return (await manager.getSecrets()).records.flatMap(notationsOf);
    case "resolve": {
      const named = Object.fromEntries(references.map((notation, at) => [`value${at}`, notation]));
      return measure(() => resolve(manager, named), task.calls, task.warmUps);
    }
    case "create":
      return create(task);
    case "save":
      return save(task);
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
