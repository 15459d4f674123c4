/** Writing: the same scripts against the official package and ours, the same results, read by either. */
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UpdateTransactionType, type KeeperRecord, type SecretManagerOptions } from "../src/index.ts";
import { sealedService } from "./support/sealed-service.ts";
import { joinFiles, newDevice, sdks, startLocalVault, type Sdk } from "./support/sdks.ts";

type Name = keyof typeof sdks;

let vault: Vault;
let root = "";
let sub = "";
const options = {} as Record<Name, SecretManagerOptions>;
const undo: (() => void)[] = [];
const names = ["official", "ours"] as const;

beforeAll(async () => {
  vault = await startLocalVault();
  sdks.official.initialize("17.5.0");
  options.official = await newDevice(sdks.official, vault, 0);
  options.ours = await newDevice(sdks.ours, vault, 1);
  undo.push(joinFiles(sdks.official, vault), joinFiles(sdks.ours, vault));
  for (const name of names) await sdks[name].getSecrets(options[name]);
  const folders = await sdks.ours.getFolders(options.ours);
  sub = folders.find(({ name }) => name === "Databases")?.folderUid ?? "";
  root =
    folders.find(({ folderUid }) => folderUid === folders.find((each) => each.folderUid === sub)?.parentUid)
      ?.folderUid ?? "";
});
beforeEach(async () => {
  // The official package writes only with keys that its last read left behind.
  await sdks.official.getFolders(options.official);
});
afterAll(async () => {
  for (const back of undo) back();
  await vault.close();
});

const document = (title = "made"): KeeperRecord["data"] => ({
  type: "login",
  title,
  fields: [{ type: "login", value: ["ü 🔐"], unknown: { kept: [1, null] } }],
  custom: [],
  more: "kept",
});

async function read(name: Name, uid: string): Promise<KeeperRecord> {
  const [record] = (await sdks[name].getSecrets(options[name], [uid])).records;
  if (record === undefined) throw new Error(`${name} does not see ${uid}`);
  return record;
}

/** What a call ends with: its value, or the name and words of its error. */
async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: String(error), type: (error as Error).constructor.name };
  }
}

/** Runs a script against both; ours must end as the official package does. */
async function same(
  script: (sdk: Sdk, device: SecretManagerOptions, name: Name) => Promise<unknown>,
): Promise<unknown> {
  const expected = await outcome(() => script(sdks.official, options.official, "official"));
  const got = await outcome(() => script(sdks.ours, options.ours, "ours"));
  expect(got).toStrictEqual(expected);
  return got;
}

describe("numbers", () => {
  it("beyond 2^53, with exponents and signs, are saved as the official package saves them", async () => {
    const json =
      '{"title":"n","type":"t","fields":[],"big":9007199254740993,"bigger":123456789012345678901234567890,"e":1E400,"small":1e-7,"zero":-0,"fraction":1.10}';
    const saved: string[] = [];
    for (const name of names) {
      const service = await sealedService(sdks[name], [{ recordUid: "N".repeat(22), data: null, json }]);
      const [record] = (await sdks[name].getSecrets(service.options)).records;
      await sdks[name].updateSecret(service.options, record!);
      saved.push(...service.saved);
    }
    expect(saved[0]).toContain('"big":9007199254740992,');
    expect(saved).toEqual([saved[0], saved[0]]);
  });
});

describe("records", () => {
  it("without custom fields are stored with an empty list of them", async () => {
    for (const custom of [undefined, null]) {
      const { custom: _none, ...given } = { ...document("bare"), custom: undefined };
      const data = custom === null ? { ...given, custom } : given;
      const uid = await sdks.ours.createSecret(options.ours, root, data);
      expect((await read("official", uid)).data).toEqual({ ...given, custom: [] });
      expect(data).toEqual(custom === null ? { ...given, custom: null } : given);
    }
  });

  it.each(names)("made by %s are the same for both", async (name) => {
    const other = name === "ours" ? "official" : "ours";
    const uids = [
      await sdks[name].createSecret(options[name], root, document()),
      await sdks[name].createSecret2(options[name], { folderUid: root }, document()),
      await sdks[name].createSecret2(options[name], { folderUid: root, subFolderUid: sub }, document()),
    ];
    for (const uid of uids) {
      expect(uid).toMatch(/^[\w-]{22}$/);
      const record = await read(other, uid);
      expect(record).toStrictEqual(await read(name, uid));
      expect(record.data).toEqual(document());
      expect(record.innerFolderUid).toBe(uid === uids[2] ? sub : undefined);
    }
    const deleted = await sdks[name].deleteSecret(options[name], uids);
    expect(deleted.records.map(({ responseCode }) => responseCode)).toEqual(["ok", "ok", "ok"]);
  });

  it("are saved, and refused when they are stale, in the service's own words", async () => {
    const ended = await same(async (sdk, device, name) => {
      await sdk.getFolders(device);
      const uid = await sdk.createSecret(device, root, document());
      const record = await read(name, uid);
      record.data.title = "changed";
      const revision = record.revision;
      const saved = await sdk.updateSecret(device, record);
      const after = await read(name, uid);
      // Neither touches the record that was saved.
      return [
        saved,
        record.revision === revision,
        record.data,
        after.data,
        await withoutPath(() => sdk.updateSecret(device, record)),
      ];
    });
    expect(JSON.stringify(ended)).toContain("out_of_sync");
  });

  it("are saved within transactions that are completed or rolled back", async () => {
    await same(async (sdk, device, name) => {
      await sdk.getFolders(device);
      const uid = await sdk.createSecret(device, root, document());
      const titles: string[] = [];
      for (const [type, rollback] of [
        [UpdateTransactionType.General, false],
        [UpdateTransactionType.Rotation, true],
        [UpdateTransactionType.Rotation, false],
      ] as const) {
        const record = await read(name, uid);
        record.data.title = `${type} ${rollback}`;
        if (rollback) await sdk.updateSecret(device, record, type);
        else await sdk.updateSecret2(device, record, { transactionType: type });
        titles.push((await read(name, uid)).data.title);
        await sdk.completeTransaction(device, uid, rollback);
        titles.push((await read(name, uid)).data.title);
      }
      return [titles, await withoutPath(() => sdk.completeTransaction(device, uid))];
    });
  });

  it("are deleted, or not, item by item", async () => {
    await same(async (sdk, device) => {
      await sdk.getFolders(device);
      const uid = await sdk.createSecret(device, root, document());
      const { records } = await sdk.deleteSecret(device, [uid, "A".repeat(22)]);
      return [
        records.map(({ responseCode, errorMessage }) => [responseCode, errorMessage]),
        await sdk.deleteSecret(device, []),
      ];
    });
  });

  it("take custom fields", async () => {
    await same(async (sdk) => {
      const record = { recordUid: "u", revision: 1, data: document() };
      delete record.data.custom;
      sdk.addCustomField(record, new sdk.TextField("a"));
      sdk.addCustomField(record, new sdk.HostField({ hostName: "h", port: "1" }));
      return JSON.parse(JSON.stringify(record));
    });
  });

  it("cannot be made where the folder is not known, in the same words", async () => {
    await same((sdk, device) => sdk.createSecret(device, "nowhere", document()));
    await same((sdk, device) => sdk.createSecret2(device, { folderUid: "nowhere" }, document()));
    await same((sdk, device) =>
      withoutPath(() => sdk.createSecret2(device, { folderUid: root, subFolderUid: "nowhere" }, document())),
    );
  });
});

describe("folders", () => {
  it("are made, renamed and deleted", async () => {
    await same(async (sdk, device) => {
      await sdk.getFolders(device);
      const top = await sdk.createFolder(device, { folderUid: root }, "Tö/p");
      const deep = await sdk.createFolder(device, { folderUid: root, subFolderUid: top }, "Deep");
      await sdk.getFolders(device);
      await sdk.updateFolder(device, deep, "Deeper");
      const found = (await sdk.getFolders(device)).filter(
        ({ folderUid }) => folderUid === top || folderUid === deep,
      );
      const refused = await sdk.deleteFolder(device, [top]);
      const done = [await sdk.deleteFolder(device, [deep]), await sdk.deleteFolder(device, [top], true)];
      const codes = [refused, ...done].map(({ folders }) =>
        folders.map(({ responseCode, errorMessage }) => [responseCode, errorMessage]),
      );
      return [found.map(({ name, parentUid }) => [name, parentUid === top || parentUid === root]), codes];
    });
  });

  it("cannot be made or renamed where the folder is not known, in the same words", async () => {
    await same((sdk, device) => sdk.createFolder(device, { folderUid: "nowhere" }, "x"));
    await same((sdk, device) => sdk.updateFolder(device, "nowhere", "x"));
  });
});

describe("files", () => {
  it.each(names)("attached by %s are read by the other", async (name) => {
    const other = name === "ours" ? "official" : "ours";
    const uid = await sdks.ours.createSecret(options.ours, root, document());
    const record = await read(name, uid);
    const data = new Uint8Array(70_000).map((_, i) => i);
    const fileUid = await sdks[name].uploadFile(options[name], record, {
      name: "a.bin",
      title: "A",
      type: "x/y",
      data,
    });
    expect(record.data.fields.at(-1)).toEqual({ type: "fileRef", value: [fileUid] });
    const seen = await read(other, uid);
    const [file] = seen.files ?? [];
    if (file === undefined) throw new Error("no file");
    expect(file.data).toMatchObject({
      name: "a.bin",
      title: "A",
      type: "x/y",
      size: 70_000,
      lastModified: expect.any(Number),
    });
    expect(new Uint8Array(await sdks[other].downloadFile(file))).toEqual(data);
    await sdks[other].updateSecret2(options[other], seen, { links2Remove: [fileUid] });
    expect(seen.data.fields).toHaveLength(1);
    expect((await read(name, uid)).files).toBeUndefined();
  });

  it("whose upload is refused are reported in the same words", async () => {
    for (const sdk of [sdks.official, sdks.ours]) {
      const upload = sdk.platform.fileUpload;
      sdk.platform.fileUpload = async () => ({ headers: {}, statusCode: 500, statusMessage: "no" });
      undo.push(() => (sdk.platform.fileUpload = upload));
    }
    await same(async (sdk, device, name) => {
      await sdk.getFolders(device);
      const record = await read(name, await sdk.createSecret(device, root, document()));
      await sdk.uploadFile(device, record, { name: "n", title: "t", data: new Uint8Array(3) });
    });
  });
});

/** An error's words without what differs from call to call. */
async function withoutPath(work: () => Promise<unknown>): Promise<unknown> {
  const ended = (await outcome(work)) as { error?: string };
  return { ...ended, error: ended.error?.replace(/"path":"[^"]*"/, "") };
}
