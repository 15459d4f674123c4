import { inspect } from "node:util";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SecretsManager } from "../../src/client/secrets-manager.ts";
import { getLinks } from "../../src/links/record-link.ts";
import { getNotation, getNotationValue, tryGetNotation } from "../../src/notation/get-notation.ts";
import { memoryStorage } from "../../src/config/storage.ts";
import { localClient, startLocalVault } from "./local-client.ts";

let vault: Vault;
let manager: SecretsManager;
const uids = new Map<string, string>();
const uid = (title: string): string => uids.get(title) ?? "";

beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
  for (const record of (await manager.getSecrets()).records) uids.set(record.title ?? "", record.uid);
});
afterAll(() => vault.close());
afterEach(() => vault.faults.clear());

describe("getSecrets", () => {
  it("delivers the full answer", async () => {
    vault.faults.add({
      kind: "merge",
      answer: { warnings: ["soon"], extra: { plan: "x" }, expiresOn: 1_800_000_000_000 },
    });
    const result = await manager.getSecrets();
    expect(result).toMatchObject({
      appData: { title: "Demo application" },
      warnings: ["soon"],
      extra: { plan: "x" },
      expiresOn: new Date(1_800_000_000_000),
      problems: [],
    });
  });

  it("asks for the named records only, one or many", async () => {
    const one = await manager.getSecrets({ uids: uid("Web shop") });
    expect(one.records.map(({ title }) => title)).toEqual(["Web shop"]);
    const two = await manager.getSecrets({ uids: [uid("Web shop"), uid("Build server")] });
    expect(two.records).toHaveLength(2);
    expect(vault.log.at(-1)?.payload?.["requestedRecords"]).toEqual([uid("Web shop"), uid("Build server")]);
  });

  it("takes an empty list for no filter, as the service's other clients do", async () => {
    expect((await manager.getSecrets({ uids: [], folderUids: [] })).records).toHaveLength(uids.size);
  });

  it("asks for the records of a folder", async () => {
    const { folders } = await manager.getFolders();
    const servers = folders.find(({ name }) => name === "Servers");
    const { records } = await manager.getSecrets({ folderUids: servers?.uid });
    expect(records.map(({ title }) => title)).toContain("Build server");
    expect(records.map(({ title }) => title)).not.toContain("Web shop");
  });

  it("brings links when asked", async () => {
    const title = "Payroll machine";
    expect(getLinks(await manager.getRecord(uid(title)))).toEqual([]);
    const links = getLinks(await manager.getRecord(uid(title), { links: true }));
    expect(links.map(({ path }) => path ?? "record")).toEqual([
      "record",
      "meta",
      "ai_settings",
      "jit_settings",
    ]);
    expect(await links[2]?.getAiSettingsData()).toMatchObject({ version: 1 });
  });

  it("keeps one copy of a record that is shared several times, unless all are wanted", async () => {
    const shared = uid("Shared everywhere");
    const copies = async (keepDuplicates: boolean): Promise<number> =>
      (await manager.getSecrets({ keepDuplicates })).records.filter((record) => record.uid === shared).length;
    expect(await copies(false)).toBe(1);
    expect(await copies(true)).toBe(3);
  });

  it("reports a broken record and file, and delivers the rest", async () => {
    vault.faults.add({
      faults: [
        { kind: "corrupt", part: "recordData", uid: uid("Build server") },
        { kind: "corrupt", part: "fileKey" },
      ],
    });
    const { records, problems } = await manager.getSecrets();
    expect(records).toHaveLength(uids.size - 1);
    expect(problems.map(({ kind, reason }) => `${kind} ${reason}`).toSorted()).toEqual([
      "file key-unreadable",
      "record data-unreadable",
    ]);
  });

  it("opens lazily fetched records at first use, and finds the broken one then", async () => {
    vault.faults.add({ kind: "corrupt", part: "recordData", uid: uid("Build server") });
    const { records, problems } = await manager.getSecrets({ lazy: true });
    expect(problems).toEqual([]);
    expect(records.every(({ isOpen }) => !isOpen)).toBe(true);
    const broken = records.find((record) => record.uid === uid("Build server"));
    expect(() => broken?.title).toThrow(expect.objectContaining({ code: "ERR_KSM_RECORD_BROKEN" }));
    const shop = records.find((record) => record.uid === uid("Web shop"));
    expect(shop?.field("login")).toBe("anna@example.com");
    expect(shop?.isOpen).toBe(true);
  });

  it.each([
    ["uids", { uids: [""] }],
    ["uids", { uids: [7] }],
    ["folderUids", { folderUids: {} }],
  ])("refuses %s that are no uids", async (name, query) => {
    await expect(manager.getSecrets(query as never)).rejects.toMatchObject({
      code: "ERR_KSM_ARGUMENT_INVALID",
      message: expect.stringContaining(name),
    });
  });
});

describe("looking up", () => {
  it("finds one record by uid", async () => {
    expect((await manager.getRecord(uid("Web shop"))).title).toBe("Web shop");
  });

  it("tells an unknown uid from a broken record", async () => {
    await expect(manager.getRecord("AAAAAAAAAAAAAAAAAAAAAA")).rejects.toMatchObject({
      code: "ERR_KSM_RECORD_NOT_FOUND",
      recordUid: "AAAAAAAAAAAAAAAAAAAAAA",
    });
    vault.faults.add({ kind: "corrupt", part: "recordData" });
    await expect(manager.getRecord(uid("Web shop"))).rejects.toMatchObject({ code: "ERR_KSM_RECORD_BROKEN" });
  });

  it("finds by exact title, and refuses none and several", async () => {
    expect((await manager.getRecordByTitle("Orders database")).type).toBe("databaseCredentials");
    await expect(manager.getRecordByTitle("orders database")).rejects.toMatchObject({
      code: "ERR_KSM_RECORD_NOT_FOUND",
    });
    const twin = await vault.owner.addRecord({ type: "login", title: "Web shop", fields: {} });
    await expect(manager.getRecordByTitle("Web shop")).rejects.toMatchObject({
      code: "ERR_KSM_RECORD_AMBIGUOUS",
    });
    expect(await manager.getRecordsByTitle("Web shop")).toHaveLength(2);
    await vault.owner.removeRecord(twin);
  });

  it("resolves notation, strict, trying and legacy", async () => {
    const reference = `keeper://${uid("Orders database")}/field/host[0][hostName]`;
    expect(await getNotation(manager, reference)).toEqual(["orders.db.example.com"]);
    expect(await getNotationValue(manager, "keeper://Orders database/field/host")).toEqual({
      hostName: "orders.db.example.com",
      port: "5432",
    });
    const seen: string[] = [];
    expect(
      await tryGetNotation(manager, "keeper://Nobody/field/login", {
        onError: ({ code }) => seen.push(code),
      }),
    ).toEqual([]);
    expect(seen).toEqual(["ERR_KSM_NOTATION_RECORD_NOT_FOUND"]);
  });

  it("resolves the content of a file", async () => {
    const [content] = await getNotation(manager, "keeper://Web shop/file/recovery-codes.txt");
    expect(Buffer.from(content ?? "", "base64url").toString()).toBe("11111-22222\n33333-44444\n");
  });
});

describe("findFile", () => {
  it("goes by uid, name and title", async () => {
    const record = await manager.getRecord(uid("Web shop"));
    const [file] = record.files;
    for (const key of [file?.uid, "recovery-codes.txt", "Recovery codes"]) {
      expect(record.findFile(key ?? "")).toBe(file);
    }
    expect(record.findFile("other.txt")).toBeUndefined();
  });
});

describe("downloadFile", () => {
  it("opens the content", async () => {
    const [file] = (await manager.getRecord(uid("Web shop"))).files;
    const content = await manager.downloadFile(file!);
    expect(new TextDecoder().decode(content)).toContain("11111-22222");
  });

  it.each([
    ["an expired address", { kind: "status", status: 403, body: "" }, /answered 403.*fetch the record again/],
    ["a missing page", { kind: "status", status: 404, body: "" }, /answered 404/],
    ["garbage", { kind: "garbage" }, /damaged/],
    ["a broken connection", { kind: "drop", when: "before" }, /cannot be read/],
  ] as const)("names %s", async (_what, fault, message) => {
    const [file] = (await manager.getRecord(uid("Web shop"))).files;
    vault.faults.add({ ...fault, endpoint: "download" });
    await expect(manager.downloadFile(file!)).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UNAVAILABLE",
      message: expect.stringMatching(message),
    });
  });

  it("tells when there is no thumbnail", async () => {
    const [file] = (await manager.getRecord(uid("Web shop"))).files;
    await expect(manager.downloadThumbnail(file!)).rejects.toThrow(/no thumbnail/);
  });
});

describe("what printing shows", () => {
  it("is neither key nor secret", async () => {
    const storage = memoryStorage(await manager.exportConfig());
    const values = await storage.load();
    const secrets = [
      ...["appKey", "privateKey", "clientId"].map((key) => values[key] ?? "?"),
      "correct horse battery staple",
      "JBSWY3DPEHPK3PXP",
    ];
    const client = new SecretsManager({ storage, fetch: vault.fetch });
    const result = await client.getSecrets({ links: true });
    const shop = result.records.find(({ title }) => title === "Web shop");
    const { folders } = await client.getFolders();
    for (const target of [client, result, shop, shop?.files, shop && getLinks(shop), folders, storage]) {
      const printed = [inspect(target, { depth: 10, showHidden: true }), JSON.stringify(target) ?? ""];
      for (const secret of secrets) expect(printed.join("\n")).not.toContain(secret);
    }
  });
});

describe("options", () => {
  it.each([
    [{}, "storage"],
    [{ storage: {} }, "storage"],
    [{ storage: memoryStorage(), token: 7 }, "token"],
    [{ storage: memoryStorage(), timeoutMs: 0 }, "timeoutMs"],
    [{ storage: memoryStorage(), totalTimeoutMs: Number.NaN }, "totalTimeoutMs"],
    [{ storage: memoryStorage(), maxThrottleRetries: -1 }, "maxThrottleRetries"],
    [{ storage: memoryStorage(), clientVersion: "17.5" }, "clientVersion"],
    [{ storage: memoryStorage(), proxyUrl: "ftp://x" }, "proxy"],
  ])("%o is refused", (options, name) => {
    expect(() => new SecretsManager(options as never)).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID", message: expect.stringContaining(name) }),
    );
  });

  it("an absent configuration names what is missing", async () => {
    await expect(new SecretsManager({ storage: memoryStorage() }).getSecrets()).rejects.toMatchObject({
      code: "ERR_KSM_CONFIG_KEY_MISSING",
      message: expect.stringContaining("There is no configuration in"),
    });
  });
});
