import { describe, expect, it } from "vitest";
import { utf8Bytes, type JsonObject } from "@ksmkit/common";
import { provider } from "#crypto";
import type { CryptoProvider } from "../../src/crypto/provider.ts";
import { FolderTree } from "../../src/records/folder-tree.ts";
import type { KsmFolder } from "../../src/records/ksm-folder.ts";
import { openFolders } from "../../src/records/open-folders.ts";
import { newKey, sealed, sealedCbc } from "./sealed-answer.ts";

const appKey = newKey();
const rootKey = newKey();

const root = async (extra: JsonObject = {}): Promise<JsonObject> => ({
  folderUid: "R",
  folderKey: await sealed(appKey, rootKey),
  data: await sealedCbc(rootKey, '{"name":"Root"}'),
  parent: null,
  ...extra,
});

const below = async (
  uid: string,
  parent: string,
  name = uid,
  extra: JsonObject = {},
): Promise<JsonObject> => {
  const key = newKey();
  return {
    folderUid: uid,
    folderKey: await sealedCbc(rootKey, key),
    data: await sealedCbc(key, JSON.stringify({ name })),
    parent,
    isEditable: true,
    ...extra,
  };
};

describe("openFolders", () => {
  it("opens sub-folders at any depth under the shared folder's key, in any order", async () => {
    const answer = { folders: [await below("C", "B"), await below("B", "R"), await root()] };
    const { folders, problems } = await openFolders(answer, { appKey });
    expect(problems).toEqual([]);
    expect(folders.map(({ uid, name, parentUid, rootUid }) => [uid, name, parentUid, rootUid])).toEqual([
      ["C", "C", "B", "R"],
      ["B", "B", "R", "R"],
      ["R", "Root", undefined, "R"],
    ]);
  });

  it.each([
    [
      "a wrong key",
      async () => below("X", "R", "x", { folderKey: await sealedCbc(newKey(), newKey()) }),
      /key/,
    ],
    [
      "a key of another length",
      async () => below("X", "R", "x", { folderKey: await sealedCbc(rootKey, newKey().subarray(0, 16)) }),
      /key-length/,
    ],
    ["no key", async () => below("X", "R", "x", { folderKey: null }), /key-missing/],
    ["a key that is no base64", async () => below("X", "R", "x", { folderKey: "!" }), /key-unreadable/],
    [
      "data of another key",
      async () => below("X", "R", "x", { data: await sealedCbc(newKey(), '{"name":"x"}') }),
      /data-unreadable/,
    ],
    [
      "data that is no object",
      async () => {
        const key = newKey();
        return below("X", "R", "x", {
          folderKey: await sealedCbc(rootKey, key),
          data: await sealedCbc(key, "[1]"),
        });
      },
      /data-unreadable/,
    ],
    ["a missing parent", () => below("X", "gone"), /parent-missing/],
    ["itself as parent", () => below("X", "X"), /parent-cycle/],
    ["no uid", () => below("", "R"), /not-an-object/],
  ])("leaves out a folder with %s, and nothing else", async (_what, make, reason) => {
    const { folders, problems } = await openFolders(
      { folders: [await make(), await root(), await below("Y", "R")] },
      { appKey },
    );
    expect(folders.map(({ uid }) => uid)).toEqual(["R", "Y"]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.reason).toMatch(reason);
  });

  it.each([[null], [7], ["x"], [[null, 7, "x", []]], [{}]])("takes %j for the list", async (folders) => {
    const result = await openFolders({ folders }, { appKey });
    expect(result.folders).toEqual([]);
    expect(result.problems).toHaveLength(Array.isArray(folders) ? folders.length : 0);
  });

  it("ends on a cycle of any length", async () => {
    const cycle = await Promise.all([below("A", "B"), below("B", "C"), below("C", "A")]);
    const { folders, problems } = await openFolders({ folders: [...cycle, await root()] }, { appKey });
    expect(folders.map(({ uid }) => uid)).toEqual(["R"]);
    expect(problems.map(({ reason }) => reason)).toEqual(["parent-cycle", "parent-cycle", "parent-cycle"]);
  });

  it("reads names that newer services seal with GCM and fill up with NUL", async () => {
    const key = newKey();
    const data = await sealed(key, new TextEncoder().encode('{"name":"Gcm"}\0\0\0'));
    const answer = {
      folders: [await root(), await below("G", "R", "", { folderKey: await sealed(rootKey, key), data })],
    };
    expect((await openFolders(answer, { appKey })).folders.map(({ name }) => name)).toEqual(["Root", "Gcm"]);
  });
});

describe("names of every length", () => {
  // Among them are all lengths at which a GCM blob might be a CBC blob as well.
  const names = Array.from({ length: 70 }, (_, length) => "ä🔐xyz".repeat(20).slice(0, length));

  it.each([
    ["CBC", sealedCbc],
    ["GCM", sealed],
  ] as const)("open when sealed with %s", async (_cipher, seal) => {
    const folders = await Promise.all(
      names.map((name, at) =>
        root({ folderUid: `R${at}` }).then(async (folder) => ({
          ...folder,
          data: await seal(rootKey, utf8Bytes(JSON.stringify({ name }))),
        })),
      ),
    );
    const opened = await openFolders({ folders }, { appKey });
    expect(opened.problems).toEqual([]);
    expect(opened.folders.map(({ name }) => name)).toEqual(names);
  });

  it("are tried with one cipher only, unless the length fits both", async () => {
    const calls: string[] = [];
    const counting = Object.assign(Object.create(provider) as CryptoProvider, {
      openGcm: (key: Uint8Array, blob: Uint8Array) => (
        calls.push(`GCM ${blob.length}`),
        provider.openGcm(key, blob)
      ),
      openCbc: (key: Uint8Array, blob: Uint8Array) => (
        calls.push(`CBC ${blob.length}`),
        provider.openCbc(key, blob)
      ),
    });
    await openFolders({ folders: [await root()] }, { appKey, crypto: counting });
    expect(calls).toEqual(["GCM 60", "CBC 32"]);
    calls.length = 0;
    // 12 + 16 + 16: no whole number of blocks.
    await openFolders(
      { folders: [await root({ data: await sealed(rootKey, { name: "Root1" }) })] },
      { appKey, crypto: counting },
    );
    expect(calls).toEqual(["GCM 60", "GCM 44"]);
  });
});

describe("FolderTree", () => {
  const open = async (): Promise<KsmFolder[]> => {
    const folders = [
      await root(),
      await below("T", "R", "Team"),
      await below("D1", "T", "Data"),
      await below("D2", "T", "Data"),
      await below("S", "R", "a/b"),
    ];
    return (await openFolders({ folders }, { appKey })).folders;
  };

  it("knows roots, children and paths", async () => {
    const tree = new FolderTree(await open());
    expect(tree.roots.map(({ uid }) => uid)).toEqual(["R"]);
    expect(tree.children("R").map(({ uid }) => uid)).toEqual(["T", "S"]);
    expect(tree.path("D2")).toEqual(["Root", "Team", "Data"]);
    expect([tree.path("gone"), tree.children("gone"), tree.get("gone")]).toEqual([[], [], undefined]);
  });

  it.each([
    ["Root/Team", ["T"]],
    ["Root/Team/Data", ["D1", "D2"]],
    ["Root/a\\/b", ["S"]],
    ["Team", []],
    ["root", []],
    ["", []],
  ])("finds %j", async (path, uids) => {
    expect(new FolderTree(await open()).find(path).map(({ uid }) => uid)).toEqual(uids);
  });

  it("finds by a list of names", async () => {
    expect(new FolderTree(await open()).find(["Root", "a/b"]).map(({ uid }) => uid)).toEqual(["S"]);
  });

  it("takes a folder whose parent is not there for a root", async () => {
    const folders = (await open()).filter(({ uid }) => uid !== "R");
    expect(new FolderTree(folders).roots.map(({ uid }) => uid)).toEqual(["T", "S"]);
  });
});
