import * as sdk from "@keeper-security/secrets-manager-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startVault, type Vault } from "../../src/index.ts";
import { bind, officialClient } from "./official-sdk.ts";

let vault: Vault;
let options: sdk.SecretManagerOptions;

beforeAll(async () => {
  vault = await startVault({ rateLimit: false });
  options = await officialClient(vault);
});
afterAll(() => vault.close());
// Its throttle warnings and skipped items go to the console.
beforeEach(() => {
  for (const method of ["error", "log"] as const)
    vi.mocked(console[method]).mockImplementation(() => undefined);
});

async function record(title: string): Promise<sdk.KeeperRecord> {
  const found = await sdk.getSecretByTitle(options, title);
  if (found === undefined) throw new Error(`no record titled ${title}`);
  return found;
}

async function folderUid(name: string): Promise<string> {
  const found = (await sdk.getFolders(options)).find((folder) => folder.name === name);
  if (found === undefined) throw new Error(`no folder named ${name}`);
  return found.folderUid;
}

const login = (title: string): object => ({
  type: "login",
  title,
  fields: [{ type: "login", value: ["x"] }],
  custom: [],
});

// The tests of this file share one client, because the SDK keeps its keys process-wide.
describe("the official JavaScript SDK", () => {
  test("binds, confirms, and reads everything", async () => {
    const { records, appData } = await sdk.getSecrets(options);
    expect(appData).toEqual({ title: "Demo application", type: "app" });
    expect(records.filter(({ data }) => data.title === "Shared everywhere")).toHaveLength(3);
    expect(records.map(({ data }) => data.title)).toContain("Zürich – 東京 🔐");
    expect(vault.owner.clients()[0]?.binding).toBe("bound");
    expect(vault.log.map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ["get_secret", 200],
      ["get_secret", 200],
    ]);
  });

  test("filters by record and folder", async () => {
    const { recordUid } = await record("Shared directly");
    const byRecord = await sdk.getSecrets2(options, { recordsFilter: [recordUid] });
    expect(byRecord.records.map((found) => found.recordUid)).toEqual([recordUid]);
    const team = await folderUid("Servers");
    const byFolder = await sdk.getSecrets2(options, { foldersFilter: [team] });
    expect(new Set(byFolder.records.map((found) => found.folderUid))).toEqual(new Set([team]));
    expect((await sdk.getSecrets2(options, { recordsFilter: ["unknown"] })).records).toEqual([]);
  });

  test("reads links, plain and sealed", async () => {
    const { records } = await sdk.getSecrets2(options, { requestLinks: true });
    const machine = records.find(({ data }) => data.title === "Payroll machine");
    if (machine === undefined) throw new Error("no machine");
    const links = sdk.getLinks(machine);
    expect(links.map(({ path }) => path ?? null)).toEqual([null, "meta", "ai_settings", "jit_settings"]);
    expect(links[0]?.isAdminUser()).toBe(true);
    expect(links[1]?.allowsRotation()).toBe(true);
    expect(await links[2]?.getAiSettingsData()).toMatchObject({
      riskLevels: { high: { aiSessionTerminate: true } },
    });
    expect(await links[3]?.getJitSettingsData()).toEqual({ createEphemeral: true, elevate: false });
  });

  test("resolves notation and one-time codes", async () => {
    expect(await sdk.getNotationResults(options, "Web shop/field/login")).toEqual(["anna@example.com"]);
    expect(await sdk.getNotationResults(options, "Web shop/custom_field/API region")).toEqual(["eu-central"]);
    const [uri] = await sdk.getNotationResults(options, "Web shop/field/oneTimeCode");
    expect((await sdk.getTotpCode(uri ?? ""))?.code).toMatch(/^\d{6}$/);
  });

  test("creates, renames and deletes folders", async () => {
    const team = await folderUid("Team");
    const made = await sdk.createFolder(options, { folderUid: team }, "Made");
    const below = await sdk.createFolder(options, { folderUid: team, subFolderUid: made }, "Below");
    // The SDK only knows the keys of folders that it has listed.
    await sdk.getFolders(options);
    await sdk.updateFolder(options, below, "Renamed");
    const folders = await sdk.getFolders(options);
    expect(folders.find((folder) => folder.folderUid === below)).toEqual({
      folderUid: below,
      name: "Renamed",
      parentUid: made,
    });
    expect(vault.owner.readFolders()).toContainEqual({ uid: below, name: "Renamed", parent: made });
    const refused = await sdk.deleteFolder(options, [made]);
    expect(refused.folders[0]?.responseCode).toBe("not_empty");
    const done = await sdk.deleteFolder(options, [made], true);
    expect(done.folders[0]).toEqual({ folderUid: made, responseCode: "ok", errorMessage: "" });
    expect(vault.owner.readFolders().map(({ uid }) => uid)).not.toContain(below);
  });

  test("creates records: in a folder, in an empty one, in a sub-folder", async () => {
    const [team, empty, databases] = [
      await folderUid("Team"),
      await folderUid("Empty"),
      await folderUid("Databases"),
    ];
    const first = await sdk.createSecret(options, team, login("v1"));
    const second = await sdk.createSecret2(options, { folderUid: empty }, login("v2"));
    const third = await sdk.createSecret2(
      options,
      { folderUid: team, subFolderUid: databases },
      login("below"),
    );
    expect(vault.owner.readRecord(first).data).toMatchObject({ title: "v1" });
    expect(vault.owner.readRecord(second).folders).toEqual([{ folderUid: empty, subFolderUid: null }]);
    const { records } = await sdk.getSecrets(options, [third]);
    expect(records[0]).toMatchObject({
      folderUid: team,
      innerFolderUid: databases,
      data: { title: "below" },
    });
  });

  test("updates once per fetched revision", async () => {
    const fetched = await record("v1");
    fetched.data.title = "v1 changed";
    await sdk.updateSecret(options, fetched);
    await expect(sdk.updateSecret(options, fetched)).rejects.toThrow(/out_of_sync/);
    expect(vault.owner.readRecord(fetched.recordUid).data).toMatchObject({ title: "v1 changed" });
  });

  test("finishes and drops transactions", async () => {
    const change = async (value: string): Promise<sdk.KeeperRecord> => {
      const fetched = await record("v2");
      fetched.data.fields[0].value = [value];
      await sdk.updateSecret(options, fetched, sdk.UpdateTransactionType.Rotation);
      return fetched;
    };
    const { recordUid } = await change("dropped");
    await sdk.completeTransaction(options, recordUid, true);
    await change("kept");
    expect(vault.owner.readRecord(recordUid).data["fields"]).toEqual([{ type: "login", value: ["x"] }]);
    await sdk.completeTransaction(options, recordUid);
    expect(vault.owner.readRecord(recordUid).data["fields"]).toEqual([{ type: "login", value: ["kept"] }]);
  });

  test("uploads, downloads and detaches files", async () => {
    const data = crypto.getRandomValues(new Uint8Array(50_000));
    const holder = await record("v1 changed");
    const fileUid = await sdk.uploadFile(options, holder, {
      name: "blob.bin",
      title: "Blob",
      type: "a/b",
      data,
    });
    const fetched = await record("v1 changed");
    const [file] = fetched.files ?? [];
    if (file === undefined) throw new Error("no file");
    expect(file).toMatchObject({ fileUid, data: { name: "blob.bin", title: "Blob", size: 50_000 } });
    expect(Buffer.from(await sdk.downloadFile(file)).equals(data)).toBe(true);
    expect(vault.owner.readRecord(fetched.recordUid).files[0]?.content).toEqual(Buffer.from(data));
    await sdk.updateSecret2(options, fetched, { links2Remove: [fileUid] });
    expect((await record("v1 changed")).files).toBeUndefined();
  });

  test("downloads the seed's file, and a thumbnail", async () => {
    const shop = await record("Web shop");
    const [codes] = shop.files ?? [];
    if (codes === undefined) throw new Error("no file");
    expect(Buffer.from(await sdk.downloadFile(codes)).toString()).toContain("33333-44444");
    await vault.owner.addFile(shop.recordUid, { name: "p.png", base64: "AAEC", thumbnail: "AwQF" });
    const picture = (await record("Web shop")).files?.[1];
    if (picture === undefined) throw new Error("no picture");
    expect(Buffer.from(await sdk.downloadThumbnail(picture)).toString("hex")).toBe("030405");
  });

  test("deletes records, one by one", async () => {
    const { recordUid } = await record("v2");
    const response = await sdk.deleteSecret(options, [recordUid, "unknown"]);
    expect(response.records.map(({ responseCode }) => responseCode)).toEqual(["ok", "not_found"]);
    expect(vault.owner.recordUids()).not.toContain(recordUid);
  });

  test("waits out throttling, and fails after six requests", async () => {
    const waits: number[] = [];
    const patient = { ...options, throttleSleep: async (ms: number) => void waits.push(ms) };
    vault.faults.add({ kind: "throttle", status: 403, retryAfter: 3, times: 2 });
    expect((await sdk.getSecrets(patient)).records.length).toBeGreaterThan(0);
    expect(waits).toHaveLength(2);
    for (const ms of waits) expect(Math.abs(ms - 3000)).toBeLessThanOrEqual(750);
    vault.faults.add({ kind: "throttle", status: 403, times: 6 });
    await expect(sdk.getSecrets(patient)).rejects.toThrow(sdk.KeeperThrottleError);
    expect(vault.faults.pending).toBe(0);
  });

  test("with a custom key reports a rotation; with the new key it goes on", async () => {
    const { serverPublicKeyId, serverPublicKey } = await vault.owner.rotateServerKey();
    await expect(sdk.getSecrets(options)).rejects.toThrow(/suggested key id 11/);
    options = { ...options, serverPublicKeyId, serverPublicKey };
    expect((await sdk.getSecrets(options)).records.length).toBeGreaterThan(0);
  });

  test("without a custom key follows a rotation demand at once", async () => {
    await using other = await startVault({ tokens: 1 });
    const { storage } = await bind(other);
    await storage.delete("serverPublicKey");
    other.faults.add({ kind: "key", keyId: 9 });
    // The keys of the SDK's own table are the vendor's: what is sealed to them does not open here.
    await expect(sdk.getSecrets({ storage })).rejects.toThrow(/bad_request/);
    expect(other.log.slice(-3).map(({ outcome }) => outcome)).toEqual(["key", "key", "bad_request"]);
    expect(await storage.getString("serverPublicKeyId")).toBe("10");
  });
});
