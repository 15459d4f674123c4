import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8Text } from "@ksmkit/common";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateSeed, startVault, type Vault, type VaultSeed } from "../../src/index.ts";
import { parseSeed } from "../../src/seed/seed-schema.ts";

const start = (seed: unknown): Promise<Vault> =>
  startVault({ listen: false, tokens: 0, seed: seed as VaultSeed });
const record = { type: "login", title: "one" };

async function only(seed: unknown): Promise<ReturnType<Vault["owner"]["readRecord"]>> {
  await using vault = await start(seed);
  return vault.owner.readRecord(vault.owner.recordUids()[0] ?? "");
}

describe("fields", () => {
  test.each<[string, unknown, unknown]>([
    [
      "a map from type to value",
      { login: "x", url: ["a", "b"] },
      [
        { type: "login", value: ["x"] },
        { type: "url", value: ["a", "b"] },
      ],
    ],
    [
      "a map with an object",
      { host: { hostName: "h", port: "1" } },
      [{ type: "host", value: [{ hostName: "h", port: "1" }] }],
    ],
    ["a map with null", { oneTimeCode: null }, [{ type: "oneTimeCode", value: [] }]],
    [
      "full fields",
      [{ type: "login", label: "L", value: ["x"] }],
      [{ type: "login", label: "L", value: ["x"] }],
    ],
    ["a scalar value", [{ type: "checkbox", value: false }], [{ type: "checkbox", value: [false] }]],
    ["a field without a value", [{ type: "login" }], [{ type: "login", value: [] }]],
    [
      "members that the vault does not know",
      [{ type: "password", required: true, value: [0] }],
      [{ type: "password", required: true, value: [0] }],
    ],
    ["nothing", undefined, []],
  ])("may be %s", async (_name, fields, expected) => {
    expect((await only({ records: [{ ...record, fields }] })).data["fields"]).toEqual(expected);
  });

  test("of `custom` are named by label", async () => {
    const custom = { Region: "eu", Size: 3 };
    expect((await only({ records: [{ ...record, custom }] })).data["custom"]).toEqual([
      { type: "text", label: "Region", value: ["eu"] },
      { type: "text", label: "Size", value: [3] },
    ]);
  });
});

test("files carry text or bytes and are listed in fileRef, unless the seed lists them itself", async () => {
  const files = [
    { name: "a.txt", content: "text" },
    { uid: "F".repeat(22), name: "b.bin", title: "B", type: "image/png", base64: "AAECAw==" },
    { name: "empty", content: "" },
  ];
  const owned = await only({ records: [{ ...record, files }] });
  expect(
    owned.files.map(({ metadata }) => [
      metadata["name"],
      metadata["title"],
      metadata["type"],
      metadata["size"],
    ]),
  ).toEqual([
    ["a.txt", "a.txt", "text/plain", 4],
    ["b.bin", "B", "image/png", 4],
    ["empty", "empty", "text/plain", 0],
  ]);
  expect(utf8Text(owned.files[0]?.content ?? new Uint8Array())).toBe("text");
  expect(owned.data["fields"]).toEqual([{ type: "fileRef", value: owned.files.map(({ uid }) => uid) }]);
  const fields = [{ type: "fileRef", value: ["mine"] }];
  expect((await only({ records: [{ ...record, fields, files }] })).data["fields"]).toEqual(fields);
});

test("folders are found by UID or name, in any order, at any depth", async () => {
  await using vault = await start({
    folders: [
      { name: "leaf", parent: "middle" },
      { uid: "M".repeat(22), name: "middle", parent: "top" },
      { name: "top" },
    ],
    records: [
      { ...record, folder: "leaf" },
      { ...record, title: "two", folder: "M".repeat(22), shortcuts: ["top"] },
    ],
  });
  const folders = new Map(vault.owner.readFolders().map((folder) => [folder.name, folder]));
  const [top, middle, leaf] = ["top", "middle", "leaf"].map((name) => folders.get(name)?.uid);
  expect(folders.get("leaf")?.parent).toBe(middle);
  const [first, second] = vault.owner.recordUids().map((uid) => vault.owner.readRecord(uid).folders);
  expect(first).toEqual([{ folderUid: top, subFolderUid: leaf }]);
  expect(second).toEqual([
    { folderUid: top, subFolderUid: middle },
    { folderUid: top, subFolderUid: null },
  ]);
});

test("sections of other services and unknown members are no error; the latter are named", () => {
  const seed = { sikkerkey: { secrets: [] }, commander: {}, records: [{ ...record, titel: 1 }], folder: [] };
  expect(parseSeed(seed)).toMatchObject({
    sikkerkey: { secrets: [] },
    commander: {},
    unknown: [
      { place: "records[0].titel", nearest: "title" },
      { place: "folder", nearest: "folders" },
    ],
  });
});

test.each([
  [{ recrods: [] }, "The seed's member recrods is not known and was ignored; did you mean records?"],
  [
    { records: [{ ...record, colour: 1 }] },
    "The seed's member records[0].colour is not known and was ignored",
  ],
  [
    { records: [{ ...record, files: [{ name: "f", contnet: "x", content: "" }] }] },
    "The seed's member records[0].files[0].contnet is not known and was ignored; did you mean content?",
  ],
  [
    { application: { titel: "x" } },
    "The seed's member application.titel is not known and was ignored; did you mean title?",
  ],
])("%j is a warning", async (seed, warning) => {
  await using vault = await start(seed);
  expect(vault.warnings).toEqual([warning]);
});

test("a field may have any member, a map of fields any key", async () => {
  await using vault = await start({
    records: [{ ...record, fields: [{ type: "a", own: {} }], custom: { anything: 1 } }],
  });
  expect(vault.warnings).toEqual([]);
});

describe("refused, with the place", () => {
  const uid = "A".repeat(22);
  test.each<[string, unknown, RegExp]>([
    ["no object", [], /the document must be an object/],
    ["records that are no list", { records: {} }, /records must be a list/],
    ["a record that is no object", { records: [5] }, /records\[0\] must be an object/],
    ["a record without type", { records: [{ title: "x" }] }, /records\[0\]\.type must be text/],
    ["a record without title", { records: [{ type: "login" }] }, /records\[0\]\.title must be text/],
    ["notes that are no text", { records: [{ ...record, notes: 5 }] }, /records\[0\]\.notes/],
    ["a short UID", { records: [{ ...record, uid: "x" }] }, /records\[0\]\.uid must be 22/],
    [
      "a UID used twice",
      {
        records: [
          { ...record, uid },
          { ...record, uid },
        ],
      },
      /records\[1\]\.uid is used twice/,
    ],
    [
      "a record with a folder's UID",
      { folders: [{ uid, name: "f" }], records: [{ ...record, uid }] },
      /used twice/,
    ],
    [
      "a file with a record's UID",
      { records: [{ ...record, uid, files: [{ uid, name: "f", content: "" }] }, record] },
      /used twice/,
    ],
    ["a field without type", { records: [{ ...record, fields: [{ value: [] }] }] }, /fields\[0\]\.type/],
    ["a label that is no text", { records: [{ ...record, fields: [{ type: "a", label: 1 }] }] }, /label/],
    [
      "fields that are text",
      { records: [{ ...record, fields: "x" }] },
      /records\[0\]\.fields must be a list/,
    ],
    [
      "an unknown folder",
      { records: [{ ...record, folder: "nope" }] },
      /records\[0\]\.folder .*names no folder/,
    ],
    [
      "an unknown parent",
      { folders: [{ name: "a", parent: "nope" }] },
      /folders\[0\]\.parent names no folder/,
    ],
    [
      "a parent circle",
      {
        folders: [
          { name: "a", parent: "b" },
          { name: "b", parent: "a" },
        ],
      },
      /leads back/,
    ],
    ["its own parent", { folders: [{ name: "a", parent: "a" }] }, /leads back/],
    [
      "an ambiguous folder",
      { folders: [{ name: "a" }, { name: "a" }], records: [{ ...record, folder: "a" }] },
      /use its uid/,
    ],
    ["a folder without name", { folders: [{}] }, /folders\[0\]\.name/],
    ["a file without content", { records: [{ ...record, files: [{ name: "x" }] }] }, /files\[0\]\.content/],
    [
      "a file with both contents",
      { records: [{ ...record, files: [{ name: "x", content: "", base64: "AA==" }] }] },
      /content/,
    ],
    ["a file that is no base64", { records: [{ ...record, files: [{ name: "x", base64: "%" }] }] }, /base64/],
    ["a link without target", { records: [{ ...record, links: [{ data: {} }] }] }, /links\[0\]\.recordUid/],
    [
      "a link to nothing",
      { records: [{ ...record, links: [{ recordUid: "nope" }] }] },
      /links names no record/,
    ],
    [
      "link data that is no object",
      { records: [{ ...record, links: [{ path: "meta", data: "x" }] }] },
      /links\[0\]\.data/,
    ],
  ])("%s", async (_name, seed, message) => {
    await expect(start(seed)).rejects.toMatchObject({
      code: "ERR_VAULT_SEED",
      message: expect.stringMatching(message),
    });
  });
});

describe("seed files", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ksmkit-seed-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ["seed.json", '{"records":[{"type":"login","title":"one"}]}'],
    ["seed.yaml", "records:\n  - type: login\n    title: one\n"],
    ["flow.yaml", "{records: [{type: login, title: one}]}"],
  ])("%s is read", async (name, text) => {
    await writeFile(join(folder, name), text);
    await using vault = await startVault({ listen: false, tokens: 0, seedFile: join(folder, name) });
    expect(vault.owner.readRecord(vault.owner.recordUids()[0] ?? "").data).toMatchObject({ title: "one" });
  });

  test.each([
    ["missing.yaml", undefined, /cannot be read/],
    ["broken.yaml", 'records:\n  - title: "SECRET\n', /neither JSON nor YAML \(line \d+\)/],
    ["broken.json", '{"SECRET":', /neither JSON nor YAML/],
  ])("%s is refused without quoting it", async (name, text, message) => {
    if (text !== undefined) await writeFile(join(folder, name), text);
    const started = startVault({ listen: false, seedFile: join(folder, name) });
    const error: unknown = await started.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ERR_VAULT_SEED", message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("SECRET");
  });
});

describe("generated seeds", () => {
  test("are the same for the same number, and different for another", () => {
    expect(generateSeed(50, 7)).toEqual(generateSeed(50, 7));
    expect(generateSeed(50, 7)).not.toEqual(generateSeed(50, 8));
  });

  test("have varied records of 600 to 1 000 bytes, spread over folders", () => {
    const { records, folders } = parseSeed(generateSeed(500));
    const sizes = records.map(({ document }) => JSON.stringify(document).length);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(550);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
    expect(new Set(records.map(({ document }) => document.type)).size).toBeGreaterThanOrEqual(6);
    expect(new Set(records.map(({ folders }) => folders[0])).size).toBe(folders.length);
    expect(folders.some(({ parent }) => parent !== undefined)).toBe(true);
    expect(new Set(records.map(({ uid }) => uid)).size).toBe(500);
  });

  test("replace the built-in seed, and join a seed", async () => {
    await using alone = await startVault({ listen: false, generate: 20, tokens: 0 });
    expect(alone.owner.recordUids()).toHaveLength(20);
    await using joined = await startVault({
      listen: false,
      generate: 20,
      seed: { records: [record] },
      tokens: 0,
    });
    expect(joined.owner.recordUids()).toHaveLength(21);
  });

  test.each([{ generate: -1 }, { generate: 1.5 }, { generate: 1e9 }, { seed: {}, seedFile: "x" }])(
    "impossible: %j",
    async (options) => {
      await expect(startVault({ listen: false, ...options })).rejects.toMatchObject({
        code: "ERR_VAULT_OPTION",
      });
    },
  );
});
