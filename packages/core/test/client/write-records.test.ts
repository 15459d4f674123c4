import type { FetchLike } from "@ksmkit/common";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ConflictError } from "../../src/client/update-record.ts";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { TransportError } from "../../src/errors/errors.ts";
import { getLinks } from "../../src/links/record-link.ts";
import type { KsmRecord } from "../../src/records/ksm-record.ts";
import type { NewRecord } from "../../src/records/new-record.ts";
import { localClient, startLocalVault } from "./local-client.ts";

let vault: Vault;
let manager: SecretsEditor;
const folders = new Map<string, string>();
const folder = (name: string): string => folders.get(name) ?? "";

beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
  for (const { name, uid } of (await manager.getFolders()).folders) folders.set(name, uid);
});
afterAll(() => vault.close());
afterEach(() => vault.faults.clear());

const login = (title: string): NewRecord => ({
  type: "login",
  title,
  fields: [
    { type: "login", value: "anna" },
    { type: "password", value: ["s3cret"], complexity: { length: 20 } },
  ],
});

function create(title: string, folderUid = folder("Team")): Promise<string> {
  return manager.createRecord({ folderUid, record: login(title) });
}

async function fresh(title: string): Promise<KsmRecord> {
  return manager.getRecord(await create(title));
}

function sent(endpoint: string): number {
  return vault.log.filter((entry) => entry.endpoint === endpoint).length;
}

describe("createRecord", () => {
  const places = [
    { name: "a shared folder", at: () => ({ folderUid: folder("Team") }), expected: ["Team", null] },
    { name: "an empty shared folder", at: () => ({ folderUid: folder("Empty") }), expected: ["Empty", null] },
    {
      name: "a sub-folder given on its own",
      at: () => ({ folderUid: folder("Production") }),
      expected: ["Team", "Production"],
    },
    {
      name: "a sub-folder beside its shared folder",
      at: () => ({ folderUid: folder("Team"), subFolderUid: folder("Databases") }),
      expected: ["Team", "Databases"],
    },
    {
      name: "a sub-folder beside another sub-folder of the same shared folder",
      at: () => ({ folderUid: folder("Databases"), subFolderUid: folder("Production") }),
      expected: ["Team", "Production"],
    },
  ] as const;
  for (const { name, at, expected } of places) {
    it(`places a record in ${name}`, async () => {
      const uid = await manager.createRecord({ ...at(), record: login(name) });
      expect(uid).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{21}$/);
      const [root, sub] = expected;
      const owned = vault.owner.readRecord(uid);
      expect(owned.folders).toEqual([
        { folderUid: folder(root), subFolderUid: sub === null ? null : folder(sub) },
      ]);
      expect(owned.data).toMatchObject({ type: "login", title: name });
    });
  }

  it("makes every value a list, keeps 0 and false, and unknown members, and leaves its input alone", async () => {
    const record: NewRecord = {
      type: "made up",
      title: "Ünïcode 🔐",
      notes: "",
      vendorExtra: { a: [1] },
      fields: [
        { type: "checkbox", value: false },
        { type: "date", value: 0, extra: "kept" },
        { type: "text", label: "nothing" },
        { type: "text", value: null },
      ],
      custom: [{ type: "text", label: "Region", value: "eu" }],
    };
    const before = structuredClone(record);
    const uid = await manager.createRecord({ folderUid: folder("Team"), record });
    expect(record).toEqual(before);
    expect(vault.owner.readRecord(uid).data).toEqual({
      type: "made up",
      title: "Ünïcode 🔐",
      notes: "",
      vendorExtra: { a: [1] },
      fields: [
        { type: "checkbox", value: [false] },
        { type: "date", value: [0], extra: "kept" },
        { type: "text", label: "nothing", value: [] },
        { type: "text", value: [] },
      ],
      custom: [{ type: "text", label: "Region", value: ["eu"] }],
    });
  });

  it.each([[undefined], [null], [[]]])(
    "stores an empty list when the custom fields are %j",
    async (custom) => {
      const record = { ...login("no custom fields"), custom } as NewRecord;
      const uid = await manager.createRecord({ folderUid: folder("Team"), record });
      expect(vault.owner.readRecord(uid).data["custom"]).toEqual([]);
    },
  );

  it("asks for the folders once, or not at all when they are given", async () => {
    const before = sent("get_folders");
    await create("asks");
    expect(sent("get_folders")).toBe(before + 1);
    const known = (await manager.getFolders()).folders;
    await manager.createRecord({ folderUid: folder("Empty"), record: login("told"), folders: known });
    expect(sent("get_folders")).toBe(before + 2);
  });

  it("binds the device when it is the first call", async () => {
    const other = localClient(vault, { token: vault.ksm.oneTimeTokens[1] });
    const uid = await other.createRecord({ folderUid: folder("Team"), record: login("first call") });
    expect(vault.owner.readRecord(uid).data["title"]).toBe("first call");
    expect(await other.status()).toBe("bound");
  });

  const refused: { name: string; options: () => object; code: string }[] = [
    {
      name: "an unknown folder",
      options: () => ({ folderUid: "unknown" }),
      code: "ERR_KSM_FOLDER_NOT_FOUND",
    },
    { name: "no folder", options: () => ({ folderUid: undefined }), code: "ERR_KSM_ARGUMENT_INVALID" },
    {
      name: "a read-only folder",
      options: () => ({ folderUid: folder("Archive") }),
      code: "ERR_KSM_READ_ONLY",
    },
    {
      name: "an unknown sub-folder",
      options: () => ({ subFolderUid: "unknown" }),
      code: "ERR_KSM_FOLDER_NOT_FOUND",
    },
    {
      name: "a sub-folder of another shared folder",
      options: () => ({ folderUid: folder("Servers"), subFolderUid: folder("Databases") }),
      code: "ERR_KSM_ARGUMENT_INVALID",
    },
    { name: "folders that lack it", options: () => ({ folders: [] }), code: "ERR_KSM_FOLDER_NOT_FOUND" },
    ...(
      [
        ["no record", undefined],
        ["a list as record", []],
        ["a record without fields", { type: "login", title: "x" }],
        ["fields that are no list", { type: "login", title: "x", fields: {} }],
        ["custom fields that are no list", { type: "login", title: "x", fields: [], custom: "x" }],
        ["a field without type", { type: "login", title: "x", fields: [{ value: [] }] }],
        ["a field that is null", { type: "login", title: "x", fields: [null] }],
        ["an empty title", { type: "login", title: " ", fields: [] }],
        ["a title that is no text", { type: "login", title: 7, fields: [] }],
        ["no type", { title: "x", fields: [] }],
      ] as [string, unknown][]
    ).map(([name, record]) => ({
      name,
      options: () => ({ record }),
      code: "ERR_KSM_ARGUMENT_INVALID",
    })),
  ];
  for (const { name, options, code } of refused) {
    it(`refuses ${name} before anything is sent`, async () => {
      const before = sent("create_secret");
      const given = { folderUid: folder("Team"), record: login("x"), ...options() };
      await expect(manager.createRecord(given)).rejects.toMatchObject({ code });
      expect(sent("create_secret")).toBe(before);
    });
  }

  it("refuses what is no JSON without telling what it holds", async () => {
    const round: NewRecord = { ...login("x"), fields: [] };
    round["secretMember"] = round;
    for (const value of [round["secretMember"], 1n]) {
      const error: unknown = await manager
        .createRecord({ folderUid: folder("Team"), record: { ...login("x"), secretMember: value } })
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "ERR_KSM_ARGUMENT_INVALID" });
      expect(String(error)).not.toContain("secretMember");
    }
  });

  it("tells a folder whose key does not open from one that is not there", async () => {
    for (const broken of ["Team", "Databases"]) {
      vault.faults.add({ endpoint: "get_folders", kind: "corrupt", part: "folderKey", uid: folder(broken) });
      await expect(
        manager.createRecord({ folderUid: folder("Databases"), record: login("x") }),
      ).rejects.toMatchObject({ code: "ERR_KSM_RECORD_BROKEN", folderUid: folder("Databases") });
    }
  });

  it("needs the owner's key in the configuration", async () => {
    const { memoryStorage } = await import("../../src/config/storage.ts");
    const config = JSON.parse(await manager.exportConfig()) as Record<string, string>;
    delete config["appOwnerPublicKey"];
    const keyless = localClient(vault, { storage: memoryStorage(config), token: undefined });
    const before = vault.log.length;
    await expect(
      keyless.createRecord({ folderUid: folder("Team"), record: login("x") }),
    ).rejects.toMatchObject({ code: "ERR_KSM_CONFIG_KEY_MISSING" });
    expect(vault.log).toHaveLength(before);
  });

  it("hides the length of short records and rounds that of long ones", async () => {
    const lengths = new Set<number>();
    const fetch: FetchLike = (url, request) => {
      if (url.endsWith("create_secret") && request.body instanceof Uint8Array) {
        lengths.add(request.body.length);
      }
      return vault.fetch(url, request);
    };
    const watched = localClient(vault, { token: vault.ksm.oneTimeTokens[2], fetch });
    for (const title of ["a", "a".repeat(200)]) {
      await watched.createRecord({ folderUid: folder("Team"), record: login(title) });
    }
    expect(lengths.size).toBe(1);
    for (const length of [400, 401, 410]) {
      await watched.createRecord({ folderUid: folder("Team"), record: login("b".repeat(length)) });
    }
    expect(lengths.size).toBeLessThanOrEqual(3);
  });
});

describe("updateRecord", () => {
  it("saves twice in a row, unknown keys and all", async () => {
    const record = await fresh("twice");
    record.data["vendorExtra"] = { kept: true };
    record.setField("password", "first");
    expect(await manager.updateRecord(record)).toEqual({});
    record.setField("password", "second");
    await manager.updateRecord(record);
    const owned = vault.owner.readRecord(record.uid);
    expect(owned.data).toEqual(record.data);
    expect(owned.data).toMatchObject({ vendorExtra: { kept: true } });
    expect(record.revision).toBe(owned.revision);
    expect(record.field("password")).toBe("second");
  });

  it("makes one request for the save and one to read again; none of the latter when told so", async () => {
    const record = await fresh("requests");
    const at = vault.log.length;
    await manager.updateRecord(record);
    expect(vault.log.slice(at).map(({ endpoint }) => endpoint)).toEqual(["update_secret", "get_secret"]);
    await manager.updateRecord(record, { refresh: false });
    expect(vault.log.slice(at + 2).map(({ endpoint }) => endpoint)).toEqual(["update_secret"]);
    await expect(manager.updateRecord(record)).rejects.toBeInstanceOf(ConflictError);
  });

  it("opens a lazily read record first", async () => {
    const uid = await create("lazy");
    const { records } = await manager.getSecrets({ uids: uid, lazy: true });
    const [record] = records;
    if (record === undefined) throw new Error("not read");
    await manager.updateRecord(record);
    expect(vault.owner.readRecord(uid).data["title"]).toBe("lazy");
  });

  it("keeps the links of a record that was read with links", async () => {
    const { records } = await manager.getSecrets({ links: true });
    const machine = records.find(({ title }) => title === "Payroll machine");
    if (machine === undefined) throw new Error("no machine");
    await manager.updateRecord(machine);
    expect(getLinks(machine)).toHaveLength(4);
  });

  it("refreshes the copy that it was given", async () => {
    const { records } = await manager.getSecrets({ keepDuplicates: true });
    const copies = records.filter(({ title }) => title === "Shared everywhere");
    for (const copy of copies) {
      const { folderUid } = copy;
      await manager.getSecrets();
      const current = await manager.getSecrets({ uids: copy.uid, keepDuplicates: true });
      const same = current.records.find((candidate) => candidate.folderUid === folderUid);
      if (same === undefined) throw new Error("copy is gone");
      await manager.updateRecord(same);
      expect(same.folderUid).toBe(folderUid);
    }
    expect(copies).toHaveLength(3);
  });

  it("tells about a conflict, and lets the caller merge", async () => {
    const record = await fresh("conflict");
    await vault.owner.updateRecord(record.uid, { ...record.data, notes: "theirs" });
    record.setField("password", "mine");
    const before = structuredClone(record.data);
    const { revision } = record;
    const error: unknown = await manager.updateRecord(record).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TransportError);
    if (!(error instanceof ConflictError)) throw error;
    expect(error).toMatchObject({
      name: "ConflictError",
      code: "ERR_KSM_TRANSPORT_OUT_OF_SYNC",
      recordUid: record.uid,
      staleRevision: revision,
      endpoint: "update_secret",
    });
    expect(error.message).not.toContain("mine");
    expect(record.data).toEqual(before);
    expect(record.revision).toBe(revision);
    const current = await error.current();
    current.setField("password", "merged");
    await manager.updateRecord(current);
    expect(vault.owner.readRecord(record.uid).data).toMatchObject({ notes: "theirs" });
  });

  const failures = [
    { name: "the connection drops before", fault: { kind: "drop", when: "before" } },
    { name: "the connection drops after", fault: { kind: "drop", when: "after" } },
    { name: "the service fails", fault: { kind: "status", status: 500, body: "oops" } },
    { name: "the answer is garbage", fault: { kind: "garbage" } },
    { name: "the answer is no JSON", fault: { kind: "plaintext", text: "<html>" } },
    { name: "the share became read-only", fault: { kind: "readOnly" } },
    { name: "the client expired", fault: { kind: "expired" } },
  ] as const;
  for (const { name, fault } of failures) {
    it(`leaves the record as it was when ${name}`, async () => {
      const record = await fresh(name);
      record.setField("password", "changed");
      const before = structuredClone(record.data);
      const { revision } = record;
      vault.faults.add({ endpoint: "update_secret", ...fault });
      await expect(manager.updateRecord(record, { removeFiles: "x" })).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_KSM_TRANSPORT_/) as string,
      });
      expect(record.data).toEqual(before);
      expect(record.revision).toBe(revision);
    });
  }

  it("stands when only the reading afterwards fails, and says so", async () => {
    const record = await fresh("stale");
    record.setField("password", "saved");
    vault.faults.add({ endpoint: "get_secret", kind: "status", status: 500 });
    const { stale } = await manager.updateRecord(record);
    expect(stale).toMatchObject({ code: "ERR_KSM_TRANSPORT_REFUSED" });
    expect(vault.owner.readRecord(record.uid).data).toEqual(record.data);
    await expect(manager.updateRecord(record)).rejects.toBeInstanceOf(ConflictError);
  });

  it("tells when the record was removed after the save", async () => {
    const record = await fresh("gone");
    vault.faults.add({ endpoint: "get_secret", kind: "merge", answer: { folders: null, records: null } });
    expect((await manager.updateRecord(record)).stale).toMatchObject({ code: "ERR_KSM_RECORD_NOT_FOUND" });
  });

  it("refuses early what the service would ignore or refuse", async () => {
    const { records } = await manager.getSecrets();
    const readOnly = records.find(({ title }) => title === "Read-only note");
    if (readOnly === undefined) throw new Error("no note");
    const before = vault.log.length;
    await expect(manager.updateRecord(readOnly)).rejects.toMatchObject({
      code: "ERR_KSM_READ_ONLY",
      recordUid: readOnly.uid,
    });
    const record = records.find(({ title }) => title === "Web shop");
    if (record === undefined) throw new Error("no shop");
    for (const options of [
      { transactionType: "general", removeFiles: ["x"] },
      { transactionType: "other" },
      { removeFiles: [7] },
      { removeFiles: {} },
    ]) {
      await expect(manager.updateRecord(record, options as object)).rejects.toMatchObject({
        code: "ERR_KSM_ARGUMENT_INVALID",
      });
    }
    expect(vault.log).toHaveLength(before);
  });

  it("refuses data that is no JSON", async () => {
    const record = await fresh("no JSON");
    record.data["loop"] = record.data;
    await expect(manager.updateRecord(record)).rejects.toMatchObject({ code: "ERR_KSM_ARGUMENT_INVALID" });
  });

  it("detaches files: from every file field, exactly the ones named", async () => {
    const uid = await create("files");
    const first = await vault.owner.addFile(uid, { name: "a", content: "a" });
    const second = await vault.owner.addFile(uid, { name: "b", content: "b" });
    const record = await manager.getRecord(uid);
    record.data["fields"] = [
      ...record.fields,
      { type: "fileRef", value: [first, second] },
      { type: "fileRef" },
    ];
    record.addCustomField({ type: "fileRef", value: first });
    await manager.updateRecord(record);
    const before = structuredClone(record.data);
    const held = record.data;
    await manager.updateRecord(record, { removeFiles: first });
    expect(held).toEqual(before);
    const owned = vault.owner.readRecord(uid);
    expect(owned.files.map((file) => file.uid)).toEqual([second]);
    expect((owned.data["fields"] as { type: string }[]).filter(({ type }) => type === "fileRef")).toEqual([
      { type: "fileRef", value: [second] },
      { type: "fileRef", value: [] },
    ]);
    expect(owned.data["custom"]).toEqual([{ type: "fileRef", value: [] }]);
    expect(record.files.map((file) => file.uid)).toEqual([second]);
  });
});

describe("transactions", () => {
  it("commit, drop, and leave the record object alone meanwhile", async () => {
    const record = await fresh("transaction");
    for (const [value, rollback] of [
      ["dropped", true],
      ["kept", false],
    ] as const) {
      record.setField("password", value);
      await manager.updateRecord(record, { transactionType: rollback ? "general" : "rotation" });
      expect(vault.owner.readRecord(record.uid).pending).toEqual(record.data);
      await manager.completeTransaction(record.uid, { rollback });
    }
    expect(vault.owner.readRecord(record.uid)).toMatchObject({ data: record.data, pending: null });
    await expect(manager.completeTransaction(record.uid)).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_REFUSED",
      endpoint: "finalize_secret_update",
    });
    await expect(manager.completeTransaction("")).rejects.toMatchObject({ code: "ERR_KSM_ARGUMENT_INVALID" });
  });
});

describe("patchRecord", () => {
  it("applies the change again on what somebody else saved", async () => {
    const uid = await create("patched");
    let runs = 0;
    const { record, stale } = await manager.patchRecord(uid, async (current) => {
      if (++runs === 1) await vault.owner.updateRecord(uid, { ...current.data, notes: "theirs" });
      current.setField("password", `run ${runs}`);
    });
    expect([runs, stale]).toEqual([2, undefined]);
    expect(vault.owner.readRecord(uid).data).toEqual(record.data);
    expect(record).toMatchObject({ notes: "theirs" });
    expect(record.field("password")).toBe("run 2");
  });

  it.each([
    [undefined, 3],
    [1, 1],
    [5, 5],
  ])("gives up after attempts: %s", async (attempts, expected) => {
    const uid = await create("contended");
    let runs = 0;
    const patching = manager.patchRecord(
      uid,
      (current) => {
        runs++;
        return vault.owner.updateRecord(uid, current.data);
      },
      { attempts },
    );
    await expect(patching).rejects.toBeInstanceOf(ConflictError);
    expect(runs).toBe(expected);
  });

  it("stops at any other failure, and saves nothing when the change throws", async () => {
    const uid = await create("other");
    const { revision } = vault.owner.readRecord(uid);
    const mine = new Error("mine");
    await expect(manager.patchRecord(uid, () => Promise.reject(mine))).rejects.toBe(mine);
    vault.faults.add({ endpoint: "update_secret", kind: "status", status: 500 });
    await expect(manager.patchRecord(uid, () => {})).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_REFUSED",
    });
    await expect(manager.patchRecord("unknown", () => {})).rejects.toMatchObject({
      code: "ERR_KSM_RECORD_NOT_FOUND",
    });
    for (const attempts of [0, -1, 1.5, Number.NaN]) {
      await expect(manager.patchRecord(uid, () => {}, { attempts })).rejects.toMatchObject({
        code: "ERR_KSM_ARGUMENT_INVALID",
      });
    }
    expect(vault.owner.readRecord(uid).revision).toBe(revision);
  });

  it("obeys one time limit and one signal over all its calls", async () => {
    const uid = await create("limited");
    vault.faults.add({ endpoint: "update_secret", kind: "latency", ms: 60_000 });
    await expect(manager.patchRecord(uid, () => {}, { timeoutMs: 150 })).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_TIMEOUT",
    });
    const controller = new AbortController();
    await expect(
      manager.patchRecord(uid, () => controller.abort(), { signal: controller.signal }),
    ).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
  });
});

describe("deleteRecords", () => {
  it("tells the outcome of each, in the order asked, once each", async () => {
    const [first, second] = [await create("first"), await create("second")];
    const results = await manager.deleteRecords([second, "unknown", first, second]);
    expect(results).toEqual([
      { uid: second, ok: true, responseCode: "ok", errorMessage: "" },
      { uid: "unknown", ok: false, responseCode: "not_found", errorMessage: "" },
      { uid: first, ok: true, responseCode: "ok", errorMessage: "" },
    ]);
    expect(vault.owner.recordUids()).not.toContain(first);
  });

  it("throws when asked to, with every outcome", async () => {
    const uid = await create("thrown");
    vault.faults.add({ kind: "itemError", uid, code: "no\nway", message: "a secret" });
    const error: unknown = await manager
      .deleteRecords([uid, "unknown"], { throwOnFailure: true })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: "DeleteError",
      code: "ERR_KSM_DELETE_INCOMPLETE",
      message: `2 of 2 records were not deleted: ${uid} (no code), unknown (not_found); see results.`,
      results: [{ uid, responseCode: "no\nway", errorMessage: "a secret" }, { uid: "unknown" }],
    });
  });

  it("does not take silence for success", async () => {
    const uid = await create("silence");
    vault.faults.add({ kind: "merge", answer: { records: [null, { responseCode: "ok" }] } });
    expect(await manager.deleteRecords(uid)).toEqual([
      { uid, ok: false, responseCode: "", errorMessage: "not mentioned in the answer" },
    ]);
    for (const records of [null, "x", {}]) {
      vault.faults.add({ kind: "merge", answer: { records } });
      await expect(manager.deleteRecords(uid)).rejects.toMatchObject({
        code: "ERR_KSM_TRANSPORT_BAD_RESPONSE",
      });
    }
  });

  it("sends nothing for nothing, and refuses what is no uid", async () => {
    const before = vault.log.length;
    expect(await manager.deleteRecords([])).toEqual([]);
    for (const uids of [7, [""], [null]]) {
      await expect(manager.deleteRecords(uids as never)).rejects.toMatchObject({
        code: "ERR_KSM_ARGUMENT_INVALID",
      });
    }
    expect(vault.log).toHaveLength(before);
  });
});
