import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startVault, type Vault, type VaultOptions } from "../../src/index.ts";
import { list, RawClient, recordsOf } from "../support/raw-client.ts";

let folder = "";
let stateFile = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ksmkit-state-"));
  stateFile = join(folder, "vault.json");
});
afterEach(() => rm(folder, { recursive: true }));

const start = (options: VaultOptions = {}): Promise<Vault> =>
  startVault({ listen: false, stateFile, tokens: 1, ...options });

/** Moves a client to another vault object, as a process would find it after a restart. */
function moved(client: RawClient, vault: Vault): RawClient {
  client.vault = vault;
  return client;
}

test("a bound client survives a restart, with all that was written, and the server key stays", async () => {
  const first = await start();
  const client = await RawClient.bound(first);
  const [root] = await client.rootFolders();
  if (root === undefined) throw new Error("no folder");
  const record = client.newRecord(root, { type: "login", title: "Written" });
  const sub = client.newFolder(root, "Made");
  await client.send("create_secret", record);
  await client.send("create_folder", sub);
  await client.send("update_secret", {
    recordUid: record["recordUid"],
    revision: recordsOf(
      (await client.send("get_secret", { requestedRecords: [record["recordUid"]] })).json,
    )[0]?.["revision"],
    data: record["data"],
    transactionType: "rotation",
  });
  const files = first.owner.recordUids().flatMap((uid) => first.owner.readRecord(uid).files);
  await first.close();

  await using second = await start();
  expect(second.ksm.serverPublicKey).toBe(first.ksm.serverPublicKey);
  const { json } = await moved(client, second).send("get_secret");
  expect(recordsOf(json).map(({ recordUid }) => recordUid)).toContain(record["recordUid"]);
  expect(json["encryptedAppKey"]).toBeNull();
  expect(second.owner.readRecord(String(record["recordUid"]))).toMatchObject({
    data: { title: "Written" },
    pending: { title: "Written" },
  });
  expect(second.owner.readFolders().map(({ name }) => name)).toContain("Made");
  expect(second.owner.recordUids().flatMap((uid) => second.owner.readRecord(uid).files)).toEqual(files);
  expect((await client.send("finalize_secret_update", { recordUid: record["recordUid"] })).empty).toBe(true);
});

test("an enrolled client is still enrolled, and a token that was not used still binds", async () => {
  const first = await start({ tokens: 2 });
  const [enrolled, unused] = first.ksm.oneTimeTokens.map((token) => new RawClient(first, token));
  await enrolled?.enrol();
  await first.close();
  await using second = await start({ tokens: 0 });
  for (const client of [enrolled, unused]) {
    if (client === undefined) throw new Error("no client");
    expect((await moved(client, second).enrol()).json["encryptedAppKey"]).toEqual(expect.any(String));
  }
});

test("a change is on disk before its response", async () => {
  await using vault = await start();
  const client = new RawClient(vault);
  await client.enrol();
  expect(await readFile(stateFile, "utf8")).toContain(Buffer.from(client.keys.publicKey).toString("base64"));
});

test("parallel changes all arrive, and reads do not write", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  const [root] = await client.rootFolders();
  if (root === undefined) throw new Error("no folder");
  const made = Array.from({ length: 20 }, () => client.newRecord(root));
  await Promise.all(made.map((payload) => client.send("create_secret", payload)));
  const text = await readFile(stateFile, "utf8");
  for (const payload of made) expect(text).toContain(String(payload["recordUid"]));
  const before = (await stat(stateFile)).mtimeMs;
  await client.send("get_secret");
  expect((await stat(stateFile)).mtimeMs).toBe(before);
});

test("the file is for its owner only, and no temporary file is left", async () => {
  await using vault = await start();
  await vault.newToken();
  expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["vault.json"]);
});

test("no link planted in the place of the file or of a temporary one is written through", async () => {
  const victim = join(folder, "victim");
  const names = [`vault.json.${process.pid}.tmp`, "vault.json.tmp", `.vault.json.${process.pid}.tmp`];
  await writeFile(victim, "precious");
  for (const name of names) await symlink(victim, join(folder, name));
  await using vault = await start();
  await rm(stateFile);
  await symlink(victim, stateFile);
  await vault.newToken();
  expect((await lstat(stateFile)).isFile()).toBe(true);
  expect(await readFile(victim, "utf8")).toBe("precious");
  expect((await readdir(folder)).toSorted()).toEqual([...names, "vault.json", "victim"].toSorted());
});

test("a directory where others may replace the file is reported", async () => {
  await chmod(folder, 0o777);
  await using vault = await start({ tokens: 3 });
  expect(vault.warnings).toEqual([expect.stringContaining("Others may replace files")]);
});

test("a seed beside an existing state file is reported as ignored", async () => {
  await (await start({ seed: { records: [{ type: "login", title: "kept" }] } })).close();
  await using vault = await start({ seed: { records: [] } });
  expect(vault.owner.recordUids()).toHaveLength(1);
  expect(vault.warnings.join()).toContain("ignored");
});

test("a change that cannot be stored is not acknowledged", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  const [root] = await client.rootFolders();
  if (root === undefined) throw new Error("no folder");
  await rm(folder, { recursive: true });
  const response = await client.send("create_secret", client.newRecord(root));
  expect(response).toMatchObject({ status: 500, json: { error: "internal_error" } });
  await expect(vault.newToken()).rejects.toMatchObject({ code: "ERR_VAULT_STATE_WRITE" });
  expect(list((await client.send("get_folders")).json["folders"]).length).toBeGreaterThan(0);
  await mkdir(folder);
  expect((await client.send("create_secret", client.newRecord(root))).status).toBe(200);
});

describe("a file that is not ours is refused and left as it was", () => {
  const valid = async (): Promise<string> => {
    await (await start()).close();
    return readFile(stateFile, "utf8");
  };
  test.each<[string, (text: string) => string, RegExp]>([
    ["an empty file", () => "", /is not JSON/],
    ["a cut file", (text) => text.slice(0, -100), /is not JSON/],
    ["another document", () => '{"hostname":"x","privateKey":"SECRET"}', /format must be/],
    ["a list", () => "[]", /must be an object/],
    ["a later version", (text) => text.replace('"version":1', '"version":2'), /version must be 1/],
    ["a missing owner", (text) => text.replace('"owner":', '"other":'), /owner must be an object/],
    [
      "a short key",
      (text) => text.replace(/"appKey":"[^"]+"/, '"appKey":"AAAA"'),
      /owner\.appKey must be 32 bytes/,
    ],
    [
      "an impossible scalar",
      (text) => text.replace(/("owner".*"privateKey":)"[^"]+"/, `$1"${"A".repeat(43)}="`),
      /scalar/,
    ],
    ["an unknown active key", (text) => text.replace('"activeKeyId":10', '"activeKeyId":11'), /activeKeyId/],
    [
      "a record without data",
      (text) => text.replace(/("records":\[\{"uid":"[^"]+","data":)"[^"]+"/, '$1""'),
      /records\[0\]\.data/,
    ],
  ])("%s", async (_name, change, message) => {
    const text = change(await valid());
    await writeFile(stateFile, text);
    const error: unknown = await start().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ERR_VAULT_STATE_INVALID", message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("SECRET");
    expect(await readFile(stateFile, "utf8")).toBe(text);
  });

  test("a folder in its place", async () => {
    await expect(start({ stateFile: folder })).rejects.toMatchObject({ code: "ERR_VAULT_STATE_INVALID" });
  });
});
