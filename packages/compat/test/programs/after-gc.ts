/**
 * What still works once the garbage collector has taken the storage with which something was read. Runs under
 * `--expose-gc` with the name of a package; prints one outcome per step.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { KeeperRecord, KeeperSecrets, SecretManagerOptions } from "../../src/index.ts";
import { keyRing, recentKeyLimit } from "../../src/keys/key-rings.ts";
import { outcome } from "../support/outcome.ts";
import { sealedService } from "../support/sealed-service.ts";
import { joinFiles, newDevice, sdks, startLocalVault, vaultQuery } from "../support/sdks.ts";

const name = process.argv[2] as keyof typeof sdks;
const sdk = sdks[name];
const vault = await startLocalVault();
const undo = joinFiles(sdk, vault);
const folder = mkdtempSync(join(tmpdir(), "ksm-compat-gc-"));
const path = join(folder, "config.json");
const collectGarbage = globalThis.gc as () => void;

/** As programs have it: a storage of its own for each call. */
const connect = (): SecretManagerOptions => ({
  storage: sdk.localConfigStorage(path),
  queryFunction: vaultQuery(vault),
});
const load = (): Promise<KeeperSecrets> => sdk.getSecrets2(connect(), { requestLinks: true });
const find = (records: KeeperRecord[], title: string): KeeperRecord => {
  const record = records.find(({ data }) => data.title === title);
  if (record === undefined) throw new Error(`no ${title}`);
  return record;
};
const webShop = async (): Promise<KeeperRecord> => find((await load()).records, "Web shop");
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

async function collect(): Promise<void> {
  // Weak references that were read live until the end of their task.
  for (let i = 0; i < 4; i++) {
    await setImmediate();
    collectGarbage();
  }
}

const steps: Record<string, unknown> = {};

/** Reads, collects, uses what is left. */
async function step<T>(what: string, get: () => Promise<T>, use: (left: T) => unknown): Promise<void> {
  const left = await get();
  await collect();
  steps[what] = await outcome(() => use(left));
}
const text = async (content: Promise<Uint8Array>): Promise<string> =>
  Buffer.from(await content).toString("base64");

{
  const config = (await newDevice(sdk, vault)).config;
  const storage = sdk.localConfigStorage(path);
  for (const [key, value] of Object.entries(config)) await storage.saveString(key, value);
  const { serverPublicKey, serverPublicKeyId } = vault.ksm;
  await sdk.getSecrets({ ...connect(), serverPublicKey, serverPublicKeyId });
}

const fileOf = async (): Promise<NonNullable<KeeperRecord["files"]>[number]> => {
  const [file] = (await webShop()).files ?? [];
  if (file === undefined) throw new Error("no file");
  return file;
};
await step("file", fileOf, (file) => text(sdk.downloadFile(file)));
await step("record of a file", webShop, ({ files }) => text(sdk.downloadFile(files![0]!)));
await step(
  "file as JSON",
  async () => copy(await fileOf()),
  (file) => text(sdk.downloadFile(file)),
);
await step(
  "file spread",
  async () => ({ ...(await fileOf()) }),
  (file) => text(sdk.downloadFile(file)),
);
await step(
  "file by title and notation",
  async () =>
    sdk.getValue(
      { records: [(await sdk.getSecretByTitle(connect(), "Web shop"))!] } as never,
      "Web shop/file/recovery-codes.txt",
    ),
  (file) => text(sdk.downloadFile(file)),
);

/** What the sealed links hold. */
const settings = (records: KeeperRecord[]): Promise<unknown> =>
  Promise.all(records.flatMap((record) => sdk.getLinks(record)).map((link) => link.getLinkData()));
await step("links", async () => (await load()).records, settings);
await step("links of copies", async () => copy((await load()).records), settings);
await step(
  "links of records with copied links",
  async () => (await load()).records.map((record) => ({ ...record, links: copy(record.links ?? []) })),
  settings,
);
await step(
  "link objects",
  async () => (await load()).records.flatMap((record) => sdk.getLinks(record)),
  (links) => Promise.all(links.map((link) => link.getLinkData())),
);

await step("update", webShop, async (record) => {
  record.data.notes = "after";
  await sdk.updateSecret(connect(), record);
  return (await webShop()).data.notes as unknown;
});
await step(
  "update of a copy",
  async () => copy(await webShop()),
  async (record) => {
    record.data.notes = "copy";
    await sdk.updateSecret(connect(), record);
    return (await webShop()).data.notes as unknown;
  },
);
await step("upload", webShop, async (record) => {
  await sdk.uploadFile(connect(), record, { name: "n", title: "after", data: new Uint8Array([1, 2]) });
  return text(sdk.downloadFile((await webShop()).files!.find(({ data }) => data.title === "after")!));
});
await step("create beside", webShop, async ({ folderUid, data }) => {
  const uid = await sdk.createSecret(connect(), folderUid!, { ...data, title: "made after" });
  await collect();
  const made = find((await load()).records, "made after");
  return [made.recordUid === uid, made.folderUid === folderUid];
});
await step(
  "folder",
  async () => (await sdk.getFolders(connect())).find((each) => each.parentUid !== undefined)!,
  async ({ folderUid }) => {
    await sdk.updateFolder(connect(), folderUid, "renamed after");
    return (await sdk.getFolders(connect())).some((each) => each.name === "renamed after");
  },
);
await step("key by name", webShop, async ({ recordUid }) => {
  const sealed = await sdk.platform.encrypt(new Uint8Array([7]), recordUid);
  await collect();
  return text(sdk.platform.decrypt(sealed, recordUid));
});

// One uid, two applications, two keys: the official package keeps the last one only.
if (name === "ours") {
  undo();
  const uid = "F".repeat(22);
  const contents = new Map<string, Uint8Array>();
  const readApplication = async (letter: string): Promise<KeeperRecord> => {
    const content = Buffer.from(letter).toString("base64");
    const { options, content: sealed } = await sealedService(sdk, [
      { recordUid: "R".repeat(22), data: { title: letter }, files: [{ fileUid: uid, data: {}, content }] },
    ]);
    const [record] = (await sdk.getSecrets(options)).records;
    if (record === undefined) throw new Error("no record");
    for (const file of record.files ?? []) {
      const address = `https://files.example/${letter}`;
      contents.set(address, sealed.get(file.url ?? "")!);
      file.url = address;
    }
    return record;
  };
  const { get } = sdk.platform;
  sdk.platform.get = async (url) => ({ statusCode: 200, headers: {}, data: contents.get(url)! });
  const both = async (): Promise<KeeperRecord[]> => [await readApplication("a"), await readApplication("b")];
  const contentsOf = (records: KeeperRecord[]): Promise<string[]> =>
    Promise.all(records.map(({ files }) => text(sdk.downloadFile(files![0]!))));
  await step("two applications", both, contentsOf);
  await step("two applications, copies", async () => copy(await both()), contentsOf);
  await step("another application's content", both, ([mine, theirs]) => {
    // Mine says whose it is, so the other one's key is not even tried.
    mine!.files![0]!.url = theirs!.files![0]!.url!;
    return text(sdk.downloadFile(mine!.files![0]!));
  });
  Object.assign(sdk.platform, { get });
  joinFiles(sdk, vault);
}

const flood = (): void => {
  const ring = keyRing(sdk.inMemoryStorage({}));
  for (let i = 0; i <= 2 * recentKeyLimit; i++) ring.keepFile(`flood ${i}`, new Uint8Array(32));
};
if (name === "ours") {
  await step(
    "file before many others",
    async () => {
      const file = await fileOf();
      flood();
      return file;
    },
    (file) => text(sdk.downloadFile(file)),
  );
  await step(
    "copy before many others",
    async () => {
      const file = copy(await fileOf());
      flood();
      return file;
    },
    (file) => text(sdk.downloadFile(file)),
  );
}
steps["keys cached"] = sdk.platform.hasKeysCached();
const cleaned = await webShop();
sdk.platform.cleanKeyCache();
steps["keys cached after cleaning"] = sdk.platform.hasKeysCached();
steps["file after cleaning"] =
  "error" in ((await outcome(() => sdk.downloadFile(cleaned.files![0]!))) as object);

await vault.close();
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify(steps));
