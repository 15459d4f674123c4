/** Binding and reading: the same scripts against the official package and ours, the same results. */
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SecretManagerOptions } from "../src/index.ts";
import { joinFiles, newDevice, sdks, startLocalVault, type Sdk } from "./support/sdks.ts";

let vault: Vault;
const options = {} as Record<keyof typeof sdks, SecretManagerOptions & { config: Record<string, string> }>;
const undo: (() => void)[] = [];

beforeAll(async () => {
  vault = await startLocalVault();
  sdks.official.initialize("17.5.0");
  options.official = await newDevice(sdks.official, vault, 0);
  options.ours = await newDevice(sdks.ours, vault, 1);
  undo.push(joinFiles(sdks.official, vault), joinFiles(sdks.ours, vault));
});
afterAll(async () => {
  for (const back of undo) back();
  await vault.close();
});

/** Runs a script against both; ours must give what the official package gives. */
async function same<T>(script: (sdk: Sdk, options: SecretManagerOptions) => Promise<T>): Promise<T> {
  const expected = await script(sdks.official, options.official);
  const got = await script(sdks.ours, options.ours);
  expect(withoutUrls(got)).toStrictEqual(withoutUrls(expected));
  return got;
}

/** Addresses of files are signed anew for each answer. */
function withoutUrls(value: unknown): unknown {
  if (value instanceof Uint8Array || value instanceof Date || typeof value !== "object" || value === null)
    return value;
  if (Array.isArray(value)) return value.map(withoutUrls);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      /url$/i.test(key) && typeof member === "string" ? "url" : withoutUrls(member),
    ]),
  );
}

async function uidOf(sdk: Sdk, device: SecretManagerOptions, title: string): Promise<string> {
  return (await sdk.getSecretByTitle(device, title))?.recordUid ?? "";
}

describe("reading", () => {
  it("binds with the token, and leaves the same configuration behind", async () => {
    const got = await same((sdk, device) => sdk.getSecrets(device));
    expect(got.records.length).toBeGreaterThan(5);
    expect(Object.keys(options.ours.config).toSorted()).toEqual(
      Object.keys(options.official.config).toSorted(),
    );
    expect(options.ours.config["clientKey"]).toBeUndefined();
  });

  it("takes null, nothing and an empty list for no filter", async () => {
    const all = await same((sdk, device) => sdk.getSecrets(device));
    for (const filter of [null, undefined, []] as (string[] | undefined)[]) {
      expect((await same((sdk, device) => sdk.getSecrets(device, filter))).records).toHaveLength(
        all.records.length,
      );
    }
    for (const query of [null, undefined, {}, { recordsFilter: null }] as (
      | Parameters<Sdk["getSecrets2"]>[1]
      | undefined
    )[]) {
      const { records } = await sdks.ours.getSecrets2(options.ours, query);
      expect(records).toHaveLength(all.records.length);
    }
  });

  it("gives everything, filtered by record, filtered by folder, with links", async () => {
    await same((sdk, device) => sdk.getSecrets(device));
    const one = await same(async (sdk, device) =>
      sdk.getSecrets(device, [await uidOf(sdk, device, "Web shop")]),
    );
    expect(one.records).toHaveLength(1);
    expect((await same((sdk, device) => sdk.getSecrets(device, []))).records.length).toBeGreaterThan(5);
    expect((await same((sdk, device) => sdk.getSecrets(device, ["A".repeat(22)]))).records).toEqual([]);
    const folders = await same((sdk, device) => sdk.getFolders(device));
    const filtered = await same((sdk, device) =>
      sdk.getSecrets2(device, { foldersFilter: [folders[0]?.folderUid ?? ""] }),
    );
    expect(filtered.records.length).toBeGreaterThan(0);
    const linked = await same((sdk, device) => sdk.getSecrets2(device, { requestLinks: true }));
    expect(linked.records.some(({ links }) => links?.length)).toBe(true);
  });

  it("finds records by title", async () => {
    expect(await same((sdk, device) => sdk.getSecretsByTitle(device, "Shared everywhere"))).toHaveLength(3);
    expect(await same((sdk, device) => sdk.getSecretByTitle(device, "Web shop"))).toBeDefined();
    expect(await same((sdk, device) => sdk.getSecretByTitle(device, "web shop"))).toBeUndefined();
    await same(async (sdk, device) =>
      sdk.findSecretByTitle((await sdk.getSecrets(device)).records, "Web shop"),
    );
    await same(async (sdk, device) =>
      sdk.findSecretsByTitle((await sdk.getSecrets(device)).records, "nothing"),
    );
  });

  it("reads folders", async () => {
    expect((await same((sdk, device) => sdk.getFolders(device))).length).toBeGreaterThan(4);
  });

  it("reads the content of files, also through a copy of the file object", async () => {
    const content = await same(async (sdk, device) => {
      const file = (await sdk.getSecretByTitle(device, "Web shop"))?.files?.[0];
      if (file === undefined) throw new Error("no file");
      return [await sdk.downloadFile(file), await sdk.downloadFile({ ...file })];
    });
    expect(String(content[0])).toContain("11111");
  });

  it("reads links, sealed ones too, without being given a key", async () => {
    const settings = await same(async (sdk, device) => {
      const { records } = await sdk.getSecrets2(device, { requestLinks: true });
      const links = records.flatMap((record) => sdk.getLinks(record));
      return Promise.all(
        links.map(async (link) => ({
          text: String(link),
          plain: Object.fromEntries(Object.entries(link)),
          data: await link.getLinkData(),
          ai: await link.getAiSettingsData(),
          admin: link.isAdminUser(),
          encrypted: link.hasEncryptedData(),
        })),
      );
    });
    expect(settings.length).toBeGreaterThan(2);
  });

  it("resolves notation", async () => {
    for (const path of [
      "type",
      "title",
      "notes",
      "field/login",
      "field/url[]",
      "field/url[1]",
      "custom_field/API region",
      "file/recovery-codes.txt",
    ]) {
      await same(async (sdk, device) =>
        sdk.getNotationResults(device, `${await uidOf(sdk, device, "Web shop")}/${path}`),
      );
      await same((sdk, device) => sdk.tryGetNotationResults(device, `Web shop/${path}`));
      await same(async (sdk, device) =>
        sdk.getValue(await sdk.getSecrets(device), `keeper://Web shop/${path}`),
      );
    }
    expect(await sdks.ours.getNotationResults(options.ours, "Orders database/field/host[0][port]")).toEqual([
      "5432",
    ]);
  });
});
