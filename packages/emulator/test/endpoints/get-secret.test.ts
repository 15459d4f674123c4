import { decodeBase64, utf8Text } from "@ksmkit/common";
import { describe, expect, test } from "vitest";
import { startVault, type Vault, type VaultSeed } from "../../src/index.ts";
import { openGcm } from "../../src/wire/aes.ts";
import { bytes, type Json, list, RawClient, recordsOf } from "../support/raw-client.ts";

const uid = (letter: string): string => letter.repeat(22);
const [rootA, rootB, sub, inA, inSub, flat, twice] = ["A", "B", "C", "D", "E", "F", "G"].map(uid);
const seed: VaultSeed = {
  folders: [
    { uid: rootA ?? "", name: "a" },
    { uid: rootB ?? "", name: "b", readOnly: true },
    { uid: sub ?? "", name: "c", parent: "a" },
  ],
  records: [
    {
      uid: inA ?? "",
      folder: "a",
      type: "login",
      title: "in a",
      files: [{ name: "x.txt", content: "hello" }],
    },
    { uid: inSub ?? "", folder: "c", type: "login", title: "in sub" },
    { uid: flat ?? "", type: "login", title: "flat", links: [{ path: "meta", data: { version: 1 } }] },
    {
      uid: twice ?? "",
      folder: "b",
      shortcuts: ["a"],
      direct: true,
      readOnly: true,
      type: "login",
      title: "twice",
    },
  ],
};
const start = (): Promise<Vault> => startVault({ listen: false, seed, tokens: 1 });

/** `folder/record` for every record of a response, `-` for a flat one. */
function places(response: Json): string[] {
  const flatOnes = list(response["records"]).map((record) => `-/${String(record["recordUid"]).charAt(0)}`);
  return [
    ...flatOnes,
    ...list(response["folders"]).flatMap((folder) =>
      list(folder["records"]).map(
        (record) => `${String(folder["folderUid"]).charAt(0)}/${String(record["recordUid"]).charAt(0)}`,
      ),
    ),
  ];
}

const filters: [string, Json, string[]][] = [
  ["no filter", {}, ["-/F", "-/G", "A/D", "A/E", "A/G", "B/G"]],
  ["null filters, as Python sends", nulls(), ["-/F", "-/G", "A/D", "A/E", "A/G", "B/G"]],
  [
    "empty filters",
    { requestedRecords: [], requestedFolders: [] },
    ["-/F", "-/G", "A/D", "A/E", "A/G", "B/G"],
  ],
  ["one record", { requestedRecords: [inA] }, ["A/D"]],
  ["a record twice", { requestedRecords: [inA, inA] }, ["A/D"]],
  ["an unknown record", { requestedRecords: ["nope"] }, []],
  ["a record in three places", { requestedRecords: [twice] }, ["-/G", "A/G", "B/G"]],
  ["a folder", { requestedFolders: [rootB] }, ["B/G"]],
  ["a sub-folder", { requestedFolders: [sub] }, ["A/E"]],
  ["an unknown folder", { requestedFolders: ["nope"] }, []],
  ["record and folder", { requestedRecords: [twice, inA], requestedFolders: [rootB] }, ["B/G"]],
];

function nulls(): Json {
  return { requestedRecords: null, requestedFolders: null, requestLinks: null, publicKey: null };
}

test.each(filters)("%s", async (_name, filter, expected) => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  const { json } = await client.send("get_secret", filter);
  expect(places(json).toSorted()).toEqual(expected.toSorted());
  expect([json["folders"], json["records"]]).not.toContainEqual([]);
});

test.each([
  { requestedRecords: "x" },
  { requestedRecords: [1] },
  { requestedFolders: {} },
  { requestLinks: "yes" },
])("a malformed filter is a bad request: %j", async (filter) => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  expect((await client.send("get_secret", filter)).json).toMatchObject({ error: "bad_request" });
});

test("every member of the response is there", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  const { json } = await client.send("get_secret");
  expect(Object.keys(json)).toEqual([
    "appData",
    "encryptedAppKey",
    "appOwnerPublicKey",
    "folders",
    "records",
    "expiresOn",
    "warnings",
    "extra",
  ]);
  expect(json).toMatchObject({ expiresOn: 0, warnings: null, extra: null });
  const appData = openGcm(client.appKey, bytes(json["appData"]));
  expect(appData?.length).toBe(384);
  expect(JSON.parse(utf8Text(appData ?? new Uint8Array()))).toEqual({ title: "ksmkit vault", type: "app" });
  const record = recordsOf(json).find((candidate) => candidate["recordUid"] === inSub);
  expect(record).toMatchObject({ innerFolderUid: sub, folderUid: null, files: null, isEditable: true });
  expect(record).not.toHaveProperty("links");
  expect(list(json["folders"])[1]).toMatchObject({
    folderUid: rootB,
    data: null,
    parent: null,
    isEditable: false,
  });
});

test("every copy of a record opens with the key of its place, to the same document", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  const { json } = await client.send("get_secret", { requestedRecords: [twice] });
  const wrapping = [
    ...list(json["records"]).map((record) => [client.appKey, record] as const),
    ...list(json["folders"]).flatMap((folder) => {
      const key = openGcm(client.appKey, bytes(folder["folderKey"])) ?? new Uint8Array();
      return list(folder["records"]).map((record) => [key, record] as const);
    }),
  ];
  const titles = wrapping.map(([key, record]) => {
    const recordKey = openGcm(key, bytes(record["recordKey"])) ?? new Uint8Array();
    const plain = openGcm(recordKey, bytes(record["data"])) ?? new Uint8Array();
    const document: unknown = JSON.parse(utf8Text(plain));
    return document;
  });
  expect(titles).toHaveLength(3);
  for (const title of titles) expect(title).toMatchObject({ title: "twice" });
});

test("links come only on request", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  const { json } = await client.send("get_secret", { requestedRecords: [flat], requestLinks: true });
  const [link] = list(recordsOf(json)[0]?.["links"]);
  expect(link).toMatchObject({ recordUid: flat, path: "meta" });
  expect(JSON.parse(utf8Text(decodeBase64(String(link?.["data"])) ?? new Uint8Array()))).toEqual({
    version: 1,
  });
});

describe("what the owner changes shows at once", () => {
  test("unsharing and sharing records and folders", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    const seen = async (): Promise<string[]> => places((await client.send("get_secret")).json).toSorted();
    await vault.owner.unshareFolder(rootA ?? "");
    expect(await seen()).toEqual(["-/F", "-/G", "B/G"]);
    expect(list((await client.send("get_folders")).json["folders"])).toHaveLength(1);
    await vault.owner.unshareRecord(flat ?? "");
    await vault.owner.unshareRecord(twice ?? "");
    expect(await seen()).toEqual(["B/G"]);
    await vault.owner.shareRecord(inSub ?? "", { editable: false });
    await vault.owner.shareFolder(rootA ?? "", { editable: false });
    expect(await seen()).toEqual(["-/E", "A/D", "A/E", "A/G", "B/G"]);
    const { json } = await client.send("get_secret");
    expect(recordsOf(json).every((record) => record["isEditable"] === false)).toBe(true);
  });

  test("an updated record has a higher revision", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    const revision = async (): Promise<unknown> =>
      recordsOf((await client.send("get_secret", { requestedRecords: [flat] })).json)[0]?.["revision"];
    const before = Number(await revision());
    await vault.owner.updateRecord(flat ?? "", { type: "login", title: "new title" });
    expect(Number(await revision())).toBeGreaterThan(before);
    expect(vault.owner.readRecord(flat ?? "").data).toEqual({ type: "login", title: "new title" });
  });
});
