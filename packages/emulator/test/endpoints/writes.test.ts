import { encodeBase64, platformRandom as random, utf8Bytes } from "@ksmkit/common";
import { describe, expect, test } from "vitest";
import { startVault, type Vault, type VaultSeed } from "../../src/index.ts";
import { sealCbc, sealGcm } from "../../src/wire/aes.ts";
import { type Json, list, RawClient, recordsOf } from "../support/raw-client.ts";

const uid = (letter: string): string => letter.repeat(22);
const open = uid("A");
const closed = uid("B");
const sub = uid("C");
const record = uid("D");
const locked = uid("E");
const hidden = uid("F");
const other = uid("G");
const seed: VaultSeed = {
  folders: [
    { uid: open, name: "open" },
    { uid: closed, name: "closed", readOnly: true },
    { uid: sub, name: "sub", parent: open },
    { uid: other, name: "other" },
  ],
  records: [
    { uid: record, folder: "open", type: "login", title: "record" },
    { uid: locked, folder: "closed", type: "login", title: "locked" },
    { uid: hidden, direct: false, type: "login", title: "hidden" },
  ],
};

interface Scene extends AsyncDisposable {
  vault: Vault;
  client: RawClient;
  root: { uid: string; key: Uint8Array };
}

async function scene(): Promise<Scene> {
  const vault = await startVault({ listen: false, seed, tokens: 1, rateLimit: false });
  const client = await RawClient.bound(vault);
  const root = (await client.rootFolders()).find((folder) => folder.uid === open);
  if (root === undefined) throw new Error("no root folder");
  return { vault, client, root, [Symbol.asyncDispose]: () => vault.close() };
}

async function revisionOf(client: RawClient, recordUid: string): Promise<number> {
  const { json } = await client.send("get_secret", { requestedRecords: [recordUid] });
  return Number(recordsOf(json)[0]?.["revision"]);
}

const sealed = (size = 40): string => encodeBase64(random(size));

describe("create_secret", () => {
  test("stores what was sent, owner-readable and with a revision", async () => {
    await using at = await scene();
    const payload = at.client.newRecord(at.root, { type: "login", title: "Made by a client" });
    expect(await at.client.send("create_secret", payload)).toEqual({ status: 200, json: {}, empty: true });
    const made = String(payload["recordUid"]);
    expect(at.vault.owner.readRecord(made)).toMatchObject({
      data: { title: "Made by a client" },
      folders: [{ folderUid: open, subFolderUid: null }],
    });
    expect(await revisionOf(at.client, made)).toBeGreaterThan(100);
  });

  test("places a record in a sub-folder; the shared folder itself counts as none", async () => {
    await using at = await scene();
    for (const [subFolderUid, expected] of [
      [sub, sub],
      [open, null],
      [null, null],
      ["", null],
    ] as const) {
      const payload: Json = { ...at.client.newRecord(at.root), subFolderUid };
      expect((await at.client.send("create_secret", payload)).status).toBe(200);
      expect(at.vault.owner.readRecord(String(payload["recordUid"])).folders[0]?.subFolderUid).toBe(expected);
    }
  });

  test.each<[string, Json, string]>([
    ["a used UID", { recordUid: record }, "bad_request"],
    ["a folder's UID", { recordUid: sub }, "bad_request"],
    ["a malformed UID", { recordUid: "short" }, "bad_request"],
    ["no UID", { recordUid: null }, "bad_request"],
    ["an unknown folder", { folderUid: uid("Z") }, "access_denied"],
    ["a sub-folder as shared folder", { folderUid: sub }, "access_denied"],
    ["a read-only folder", { folderUid: closed }, "access_denied"],
    ["a sub-folder elsewhere", { subFolderUid: other }, "access_denied"],
    ["an unknown sub-folder", { subFolderUid: uid("Z") }, "access_denied"],
    ["an owner key of the wrong size", { recordKey: sealed(60) }, "bad_request"],
    ["a folder key of the wrong size", { folderKey: sealed(64) }, "bad_request"],
    ["no folder key", { folderKey: null }, "bad_request"],
    ["data shorter than a blob", { data: sealed(27) }, "bad_request"],
    ["data that is no base64", { data: "%%%" }, "bad_request"],
    ["data that is a number", { data: 1 }, "bad_request"],
  ])("refuses %s and stores nothing", async (_name, wrong, code) => {
    await using at = await scene();
    const before = at.vault.owner.recordUids();
    const response = await at.client.send("create_secret", { ...at.client.newRecord(at.root), ...wrong });
    expect(response.json["error"]).toBe(code);
    expect(at.vault.owner.recordUids()).toEqual(before);
  });
});

describe("update_secret", () => {
  test("replaces at once and raises the revision; the old revision is then stale", async () => {
    await using at = await scene();
    const revision = await revisionOf(at.client, record);
    const payload = { recordUid: record, revision, data: sealed(50) };
    expect((await at.client.send("update_secret", payload)).empty).toBe(true);
    expect(await revisionOf(at.client, record)).toBeGreaterThan(revision);
    expect(await at.client.send("update_secret", payload)).toMatchObject({
      status: 409,
      json: { error: "out_of_sync" },
    });
  });

  test.each<[string, Json, string]>([
    ["a read-only record", { recordUid: locked }, "access_denied"],
    ["a record that is not shared", { recordUid: hidden }, "access_denied"],
    ["an unknown record", { recordUid: uid("Z") }, "access_denied"],
    ["no revision", { revision: null }, "bad_request"],
    ["a revision as text", { revision: "101" }, "bad_request"],
    ["a future revision", { revision: 10_000 }, "out_of_sync"],
    ["an unknown transaction type", { transactionType: "special" }, "bad_request"],
    ["links2Remove that is no list", { links2Remove: record }, "bad_request"],
    ["no data", { data: "" }, "bad_request"],
  ])("refuses %s", async (_name, wrong, code) => {
    await using at = await scene();
    const revision = await revisionOf(at.client, record);
    const response = await at.client.send("update_secret", {
      recordUid: record,
      revision,
      data: sealed(),
      ...wrong,
    });
    expect(response.json["error"]).toBe(code);
    expect(await revisionOf(at.client, record)).toBe(revision);
  });

  test.each(["general", "rotation"])("with type %s the data waits for its end", async (transactionType) => {
    await using at = await scene();
    const update = async (data: string): Promise<void> => {
      const revision = await revisionOf(at.client, record);
      await at.client.send("update_secret", { recordUid: record, revision, data, transactionType });
    };
    const stored = async (): Promise<unknown> =>
      recordsOf((await at.client.send("get_secret", { requestedRecords: [record] })).json)[0]?.["data"];
    const original = await stored();
    await update(sealed(50));
    expect(await stored()).toBe(original);
    expect((await at.client.send("rollback_secret_update", { recordUid: record })).empty).toBe(true);
    expect((await at.client.send("finalize_secret_update", { recordUid: record })).json["error"]).toBe(
      "bad_request",
    );
    const [first, second] = [sealed(50), sealed(50)];
    await update(first);
    await update(second);
    const before = await revisionOf(at.client, record);
    expect((await at.client.send("finalize_secret_update", { recordUid: record })).empty).toBe(true);
    expect(await stored()).toBe(second);
    expect(await revisionOf(at.client, record)).toBeGreaterThan(before);
  });

  test.each(["finalize_secret_update", "rollback_secret_update"])(
    "%s needs an open transaction",
    async (end) => {
      await using at = await scene();
      expect((await at.client.send(end, { recordUid: record })).json["error"]).toBe("bad_request");
      expect((await at.client.send(end, { recordUid: locked })).json["error"]).toBe("access_denied");
      expect((await at.client.send(end, {})).json["error"]).toBe("bad_request");
    },
  );
});

describe("links2Remove", () => {
  test.each([
    [undefined, 0],
    ["rotation", 0],
    ["general", 1],
  ] as const)("transaction type %s leaves %i files", async (transactionType, left) => {
    await using at = await scene();
    const fileUid = await at.vault.owner.addFile(record, { name: "x", content: "x" });
    const revision = await revisionOf(at.client, record);
    await at.client.send("update_secret", {
      recordUid: record,
      revision,
      data: sealed(),
      transactionType,
      links2Remove: [fileUid],
    });
    if (transactionType !== undefined) await at.client.send("finalize_secret_update", { recordUid: record });
    const { json } = await at.client.send("get_secret", { requestedRecords: [record] });
    expect(list(recordsOf(json)[0]?.["files"])).toHaveLength(left);
  });
});

describe("delete_secret", () => {
  test("responds per item, at status 200", async () => {
    await using at = await scene();
    const { status, json } = await at.client.send("delete_secret", {
      recordUids: [record, locked, hidden, "nope"],
    });
    expect(status).toBe(200);
    expect(list(json["records"]).map((item) => [item["recordUid"], item["responseCode"]])).toEqual([
      [record, "ok"],
      [locked, "access_denied"],
      [hidden, "not_found"],
      ["nope", "not_found"],
    ]);
    expect(at.vault.owner.recordUids()).toEqual([locked, hidden]);
  });

  test("an empty or missing list deletes nothing", async () => {
    await using at = await scene();
    expect((await at.client.send("delete_secret", {})).json).toEqual({ records: [] });
    expect((await at.client.send("delete_secret", { recordUids: record })).json["error"]).toBe("bad_request");
    expect(at.vault.owner.recordUids()).toHaveLength(3);
  });
});

describe("folders", () => {
  test("come roots first, a child behind its parent, with name and key", async () => {
    await using at = await scene();
    await at.client.send("create_folder", { ...at.client.newFolder(at.root, "deep"), parentUid: sub });
    const { json } = await at.client.send("get_folders");
    const folders = list(json["folders"]);
    expect(folders.map((folder) => folder["parent"] !== null)).toEqual([false, false, false, true, true]);
    const seen = new Set<unknown>();
    for (const folder of folders) {
      expect(folder["parent"] === null || seen.has(folder["parent"])).toBe(true);
      seen.add(folder["folderUid"]);
    }
    expect(json).toMatchObject({ records: null, appData: null, encryptedAppKey: null });
    expect(at.vault.owner.readFolders().map(({ name }) => name)).toEqual([
      "open",
      "closed",
      "sub",
      "other",
      "deep",
    ]);
  });

  test.each<[string, Json, string]>([
    ["a used UID", { folderUid: sub }, "bad_request"],
    ["a sub-folder as root", { sharedFolderUid: sub }, "access_denied"],
    ["a read-only root", { sharedFolderUid: closed }, "access_denied"],
    ["a parent elsewhere", { parentUid: other }, "access_denied"],
    ["a key of the wrong size", { sharedFolderKey: sealed(60) }, "bad_request"],
    ["data of no whole block", { data: sealed(33) }, "bad_request"],
    ["data without content", { data: sealed(16) }, "bad_request"],
  ])("create_folder refuses %s", async (_name, wrong, code) => {
    await using at = await scene();
    const response = await at.client.send("create_folder", { ...at.client.newFolder(at.root), ...wrong });
    expect(response.json["error"]).toBe(code);
    expect(at.vault.owner.readFolders()).toHaveLength(4);
  });

  test("update_folder renames sub-folders and shared folders, not foreign ones", async () => {
    await using at = await scene();
    const data = encodeBase64(sealCbc(at.root.key, utf8Bytes('{"name":"renamed"}'), random));
    expect((await at.client.send("update_folder", { folderUid: open, data })).empty).toBe(true);
    expect(at.vault.owner.readFolders()[0]?.name).toBe("renamed");
    for (const folderUid of [closed, uid("Z")]) {
      expect((await at.client.send("update_folder", { folderUid, data })).json["error"]).toBe(
        "access_denied",
      );
    }
    expect((await at.client.send("update_folder", { folderUid: open, data: "" })).json["error"]).toBe(
      "bad_request",
    );
  });

  test("delete_folder: non-empty only with force, unknown without error, roots never", async () => {
    await using at = await scene();
    const deep = at.client.newFolder(at.root, "deep");
    await at.client.send("create_folder", { ...deep, parentUid: sub });
    await at.client.send("create_secret", {
      ...at.client.newRecord(at.root),
      subFolderUid: deep["folderUid"],
    });
    const remove = async (folderUids: unknown[], forceDeletion?: boolean): Promise<unknown[]> =>
      list((await at.client.send("delete_folder", { folderUids, forceDeletion })).json["folders"]).map(
        (item) => item["responseCode"],
      );
    expect(await remove([sub, deep["folderUid"], open, uid("Z")])).toEqual([
      "not_empty",
      "not_empty",
      "access_denied",
      "ok",
    ]);
    expect(at.vault.owner.recordUids()).toHaveLength(4);
    expect(await remove([sub], true)).toEqual(["ok"]);
    expect(at.vault.owner.readFolders().map(({ name }) => name)).toEqual(["open", "closed", "other"]);
    expect(at.vault.owner.recordUids()).toEqual([record, locked, hidden]);
  });

  test("a record that is elsewhere too survives its folder", async () => {
    await using at = await scene();
    await at.vault.owner.addShortcut(record, "sub");
    await at.client.send("delete_folder", { folderUids: [sub], forceDeletion: true });
    expect(at.vault.owner.readRecord(record).folders).toEqual([{ folderUid: open, subFolderUid: null }]);
  });
});

test("sealing with the wrong key is found by the owner, who names what does not open", async () => {
  await using at = await scene();
  const payload: Json = { ...at.client.newRecord(at.root), folderKey: sealed(60) };
  await at.client.send("create_secret", payload);
  expect(() => at.vault.owner.readRecord(String(payload["recordUid"]))).toThrow(/folder key of record/);
  const wrongData: Json = {
    ...at.client.newRecord(at.root),
    data: encodeBase64(sealGcm(random(32), random(40), random)),
  };
  await at.client.send("create_secret", wrongData);
  expect(() => at.vault.owner.readRecord(String(wrongData["recordUid"]))).toThrow(
    expect.objectContaining({ code: "ERR_VAULT_UNREADABLE" }),
  );
});
