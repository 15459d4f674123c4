import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { FolderTree } from "../../src/records/folder-tree.ts";
import { localClient, startLocalVault } from "./local-client.ts";

let vault: Vault;
let manager: SecretsEditor;
const folders = new Map<string, string>();
const folder = (name: string): string => folders.get(name) ?? "";

beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
  for (const { name, uid } of (await manager.getFolders()).folders) folders.set(name, uid);
});
afterAll(() => vault.close());
afterEach(() => vault.faults.clear());

function writes(): number {
  return vault.log.filter(({ endpoint }) => !endpoint.startsWith("get_")).length;
}

describe("createFolder", () => {
  it("creates at any depth, readable at once", async () => {
    let parentUid = folder("Empty");
    const names = ["one", "two / 2", "drei ü", "四"];
    for (const name of names) parentUid = await manager.createFolder({ parentUid, name });
    const tree = new FolderTree((await manager.getFolders()).folders);
    expect(tree.path(parentUid)).toEqual(["Empty", ...names]);
    expect(tree.get(parentUid)?.rootUid).toBe(folder("Empty"));
    expect(vault.owner.readFolders()).toContainEqual({
      uid: parentUid,
      name: "四",
      parent: tree.get(parentUid)?.parentUid,
    });
    const record = { type: "login", title: "deep", fields: [] };
    const uid = await manager.createRecord({ folderUid: parentUid, record });
    expect((await manager.getRecord(uid)).innerFolderUid).toBe(parentUid);
  });

  const refused: [name: string, options: () => object, code: string][] = [
    ["an unknown parent", () => ({ parentUid: "unknown" }), "ERR_KSM_FOLDER_NOT_FOUND"],
    ["a read-only parent", () => ({ parentUid: folder("Archive") }), "ERR_KSM_READ_ONLY"],
    ["an empty name", () => ({ name: " " }), "ERR_KSM_ARGUMENT_INVALID"],
    ["no name", () => ({ name: undefined }), "ERR_KSM_ARGUMENT_INVALID"],
    ["folders that lack the parent", () => ({ folders: [] }), "ERR_KSM_FOLDER_NOT_FOUND"],
  ];
  it.each(refused)("refuses %s before anything is sent", async (_name, options, code) => {
    const before = writes();
    const given = { parentUid: folder("Team"), name: "x", ...options() };
    await expect(manager.createFolder(given)).rejects.toMatchObject({ code });
    expect(writes()).toBe(before);
  });

  it("refuses below a folder whose shared folder does not open", async () => {
    vault.faults.add({ kind: "corrupt", part: "folderKey", uid: folder("Team") });
    await expect(manager.createFolder({ parentUid: folder("Databases"), name: "x" })).rejects.toMatchObject({
      code: "ERR_KSM_RECORD_BROKEN",
    });
  });
});

describe("renameFolder", () => {
  it("renames a folder made a moment ago, without reading it in between", async () => {
    const uid = await manager.createFolder({ parentUid: folder("Empty"), name: "before" });
    await manager.renameFolder(uid, "after");
    expect(vault.owner.readFolders().find((each) => each.uid === uid)?.name).toBe("after");
  });

  it("keeps what else the folder's document holds", async () => {
    const uid = await manager.createFolder({ parentUid: folder("Empty"), name: "plain" });
    const known = (await manager.getFolders()).folders;
    const found = known.find((each) => each.uid === uid);
    Object.assign(found?.data ?? {}, { color: "red" });
    await manager.renameFolder(uid, "coloured", { folders: known });
    await manager.renameFolder(uid, "still coloured");
    const again = (await manager.getFolders()).folders.find((each) => each.uid === uid);
    expect(again?.data).toEqual({ color: "red", name: "still coloured" });
  });

  it("refuses unknown and read-only folders and empty names", async () => {
    const before = writes();
    await expect(manager.renameFolder("unknown", "x")).rejects.toMatchObject({
      code: "ERR_KSM_FOLDER_NOT_FOUND",
      folderUid: "unknown",
    });
    await expect(manager.renameFolder(folder("Archive"), "x")).rejects.toMatchObject({
      code: "ERR_KSM_READ_ONLY",
    });
    await expect(manager.renameFolder(folder("Team"), "")).rejects.toMatchObject({
      code: "ERR_KSM_ARGUMENT_INVALID",
    });
    expect(writes()).toBe(before);
  });
});

describe("deleteFolders", () => {
  it("tells per folder why it stays", async () => {
    const empty = await manager.createFolder({ parentUid: folder("Empty"), name: "empty" });
    const full = await manager.createFolder({ parentUid: folder("Empty"), name: "full" });
    await manager.createRecord({ folderUid: full, record: { type: "login", title: "in", fields: [] } });
    const results = await manager.deleteFolders([full, empty, folder("Empty"), folder("Archive")]);
    expect(results.map(({ uid, ok, responseCode }) => [uid, ok, responseCode])).toEqual([
      [full, false, "not_empty"],
      [empty, true, "ok"],
      [folder("Empty"), false, "access_denied"],
      [folder("Archive"), false, "access_denied"],
    ]);
    await expect(manager.deleteFolders(full, { throwOnFailure: true })).rejects.toMatchObject({
      code: "ERR_KSM_DELETE_INCOMPLETE",
      message: `1 of 1 folders were not deleted: ${full} (not_empty); see results.`,
    });
    expect(await manager.deleteFolders(full, { force: true })).toMatchObject([{ uid: full, ok: true }]);
    expect(await manager.deleteFolders([])).toEqual([]);
  });

  it("forced, does not send what lies below another one of the list", async () => {
    const top = await manager.createFolder({ parentUid: folder("Empty"), name: "top" });
    const middle = await manager.createFolder({ parentUid: top, name: "middle" });
    const leaf = await manager.createFolder({ parentUid: middle, name: "leaf" });
    const other = await manager.createFolder({ parentUid: folder("Empty"), name: "other" });
    const results = await manager.deleteFolders([leaf, other, top, "unknown"], { force: true });
    expect(results.map(({ uid, ok }) => [uid, ok])).toEqual([
      [leaf, true],
      [other, true],
      [top, true],
      ["unknown", true],
    ]);
    expect(vault.log.at(-1)?.payload).toMatchObject({ folderUids: [top, other, "unknown"] });
    expect(vault.owner.readFolders().map(({ uid }) => uid)).not.toContain(middle);
  });
});
