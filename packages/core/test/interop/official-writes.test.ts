/** What either SDK writes, the other one reads, changes and removes. */
import {
  completeTransaction,
  createFolder,
  createSecret2,
  deleteFolder,
  deleteSecret,
  downloadFile,
  getFolders,
  getSecrets,
  initialize,
  loadJsonConfig,
  setCustomProxyAgent,
  updateFolder,
  updateSecret,
  updateSecret2,
  uploadFile,
  UpdateTransactionType,
  type KeeperRecord,
  type SecretManagerOptions,
} from "@keeper-security/secrets-manager-core";
import { startVault, type Vault } from "@ksmkit/emulator";
import { readFile } from "node:fs/promises";
import { Agent } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConflictError } from "../../src/client/update-record.ts";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { localClient } from "../client/local-client.ts";

let vault: Vault;
let ours: SecretsEditor;
let theirs: SecretManagerOptions;
let team = "";
let databases = "";

beforeAll(async () => {
  vault = await startVault({ rateLimit: false });
  const ca = await readFile(vault.ksm.caFile ?? "", "utf8");
  ours = localClient(vault, { fetch: undefined, ca });
  initialize("17.5.0");
  // Its option for certificates does not cover file transfers; its agent hook does.
  setCustomProxyAgent(new Agent({ ca }));
  const other = localClient(vault, { token: vault.ksm.oneTimeTokens[1] });
  await other.bind();
  const { serverPublicKey, serverPublicKeyId } = vault.ksm;
  theirs = {
    storage: loadJsonConfig(await other.exportConfig()),
    allowUnverifiedCertificate: true,
    serverPublicKey,
    serverPublicKeyId,
  };
  for (const { name, uid } of (await ours.getFolders()).folders) {
    if (name === "Team") team = uid;
    if (name === "Databases") databases = uid;
  }
});
afterAll(() => {
  ours.close();
  return vault.close();
});

const login = (
  title: string,
): { type: string; title: string; fields: { type: string; value: unknown[] }[] } => ({
  type: "login",
  title,
  fields: [{ type: "password", value: ["ü 🔐"] }],
});

async function theirRecord(uid: string): Promise<KeeperRecord> {
  const [record] = (await getSecrets(theirs, [uid])).records;
  if (record === undefined) throw new Error(`the official SDK does not see ${uid}`);
  return record;
}

describe("records", () => {
  it("ours creates, the official one reads and changes, ours reads and removes", async () => {
    const uid = await ours.createRecord({ folderUid: databases, record: login("ours") });
    const record = await theirRecord(uid);
    expect(record).toMatchObject({ folderUid: team, innerFolderUid: databases, data: login("ours") });
    record.data.fields[0].value = ["theirs"];
    await updateSecret(theirs, record);
    const read = await ours.getRecord(uid);
    expect(read.field("password")).toBe("theirs");
    expect(await ours.deleteRecords(uid)).toMatchObject([{ ok: true }]);
    expect((await getSecrets(theirs, [uid])).records).toEqual([]);
  });

  it("the official one creates, ours reads and changes, the official one reads and removes", async () => {
    // It only knows the keys that it has read in this process.
    await getFolders(theirs);
    const uid = await createSecret2(theirs, { folderUid: team, subFolderUid: databases }, login("theirs"));
    const { record } = await ours.patchRecord(uid, (current) => current.setField("password", ["ours", "2"]));
    expect((await theirRecord(uid)).data).toEqual(record.data);
    expect((await deleteSecret(theirs, [uid])).records[0]?.responseCode).toBe("ok");
    await expect(ours.updateRecord(record)).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_ACCESS_DENIED",
    });
  });

  it("meet each other's revisions and transactions", async () => {
    const uid = await ours.createRecord({ folderUid: team, record: login("both") });
    const mine = await ours.getRecord(uid);
    const record = await theirRecord(uid);
    record.data.title = "theirs";
    await updateSecret(theirs, record);
    await expect(ours.updateRecord(mine)).rejects.toBeInstanceOf(ConflictError);
    const pending = await theirRecord(uid);
    pending.data.title = "pending";
    await updateSecret(theirs, pending, UpdateTransactionType.Rotation);
    await ours.completeTransaction(uid);
    expect((await ours.getRecord(uid)).title).toBe("pending");
    const again = await ours.getRecord(uid);
    again.data["title"] = "dropped";
    await ours.updateRecord(again, { transactionType: "rotation" });
    await completeTransaction(theirs, uid, true);
    expect((await theirRecord(uid)).data.title).toBe("pending");
  });
});

describe("folders", () => {
  it("either creates, the other renames and removes", async () => {
    const mine = await ours.createFolder({ parentUid: databases, name: "ours" });
    expect((await getFolders(theirs)).find(({ folderUid }) => folderUid === mine)).toMatchObject({
      name: "ours",
      parentUid: databases,
    });
    await updateFolder(theirs, mine, "renamed by theirs");
    const below = await createFolder(theirs, { folderUid: team, subFolderUid: mine }, "theirs");
    await ours.renameFolder(below, "renamed by ours");
    const names = (await getFolders(theirs)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["renamed by theirs", "renamed by ours"]));
    expect(await ours.deleteFolders(below)).toMatchObject([{ ok: true }]);
    expect((await deleteFolder(theirs, [mine])).folders[0]?.responseCode).toBe("ok");
  });
});

describe("files", () => {
  const content = Uint8Array.from({ length: 2_000_003 }, (_, index) => (index * 31) & 0xff);

  it("ours uploads as a stream, the official one downloads and detaches", async () => {
    const record = await ours.getRecord(await ours.createRecord({ folderUid: team, record: login("up") }));
    const { fileUid } = await ours.uploadFile(record, {
      name: "ü.bin",
      title: "T",
      type: "a/b",
      data: content,
    });
    const read = await theirRecord(record.uid);
    const [file] = read.files ?? [];
    if (file === undefined) throw new Error("no file");
    expect(file.data).toMatchObject({ name: "ü.bin", title: "T", type: "a/b", size: content.length });
    expect(Buffer.compare(await downloadFile(file), content)).toBe(0);
    await updateSecret2(theirs, read, { links2Remove: [fileUid] });
    expect((await ours.getRecord(record.uid)).files).toEqual([]);
  });

  it("the official one uploads, ours downloads as a stream and detaches", async () => {
    const uid = await createSecret2(theirs, { folderUid: team }, login("down"));
    await uploadFile(theirs, await theirRecord(uid), { name: "n", title: "t", data: content });
    const record = await ours.getRecord(uid);
    const [file] = record.files;
    if (file === undefined) throw new Error("no file");
    const chunks: Uint8Array[] = [];
    await ours.streamFile(file, (chunk) => chunks.push(chunk));
    expect(Buffer.compare(Buffer.concat(chunks), content)).toBe(0);
    await ours.updateRecord(record, { removeFiles: file.uid });
    expect((await theirRecord(uid)).files).toBeUndefined();
  });
});
