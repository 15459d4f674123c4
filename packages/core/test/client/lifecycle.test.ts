import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SecretsManager } from "../../src/client/secrets-manager.ts";
import { memoryStorage, type ConfigStorage, textStorage } from "../../src/config/storage.ts";
import { StorageError } from "../../src/errors/errors.ts";
import { fileStorage } from "../../src/node/file-storage.ts";
import { clientOptions, localClient, startLocalVault } from "./local-client.ts";

let vault: Vault;
let token: string;

beforeAll(async () => {
  vault = await startLocalVault();
});
afterAll(() => vault.close());
beforeEach(async () => {
  token = await vault.newToken();
});
afterEach(() => vault.faults.clear());

const calls = (from: number): string[] =>
  vault.log.slice(from).map(({ endpoint, outcome }) => `${endpoint} ${outcome}`);

describe("the life of a configuration", () => {
  it("goes from empty over bound to reused", async () => {
    const storage = memoryStorage();
    const first = localClient(vault, { storage, token });
    expect(await first.status()).toBe("empty");
    expect(await first.bind()).toEqual({ justBound: true });
    expect(await first.status()).toBe("bound");
    expect(await first.bind()).toEqual({ justBound: false });

    const values = await storage.load();
    expect(Object.keys(values).toSorted()).toEqual([
      "appKey",
      "appOwnerPublicKey",
      "clientId",
      "hostname",
      "privateKey",
      "serverPublicKey",
      "serverPublicKeyId",
    ]);
    const reused = new SecretsManager({ storage, fetch: vault.fetch });
    expect((await reused.getSecrets()).records.length).toBeGreaterThan(0);
  });

  it("binds with the first read, which brings its answer along", async () => {
    const from = vault.log.length;
    const { records, warnings } = await localClient(vault, { token }).getSecrets();
    expect(records.length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
    expect(calls(from)).toEqual(["get_secret ok", "get_secret ok"]);
  });

  it("binds before the folders are read", async () => {
    const { folders } = await localClient(vault, { token }).getFolders();
    expect(folders.map(({ name }) => name)).toContain("Production");
  });

  it("ignores a token that made this client before", async () => {
    const storage = memoryStorage();
    await localClient(vault, { storage, token }).bind();
    const again = localClient(vault, { storage, token });
    expect(await again.bind()).toEqual({ justBound: false });
  });

  it("refuses a token of another client and leaves the storage alone", async () => {
    const storage = memoryStorage();
    await localClient(vault, { storage, token }).bind();
    const before = await storage.load();
    const other = localClient(vault, { storage, token: await vault.newToken() });
    await expect(other.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_CONFIG_OTHER_CLIENT" });
    expect(await storage.load()).toEqual(before);
  });

  it("binds once however many calls come at the same time", async () => {
    const manager = localClient(vault, { token });
    const from = vault.log.length;
    const results = await Promise.all([
      manager.getSecrets(),
      manager.getSecrets(),
      manager.bind(),
      manager.getFolders(),
    ]);
    expect(results[1].records).toHaveLength(results[0].records.length);
    expect(vault.log.slice(from).filter(({ payload }) => payload?.["publicKey"] !== undefined)).toHaveLength(
      1,
    );
  });
});

describe("exporting", () => {
  it.each(["json", "base64"] as const)(
    "gives the bound configuration as %s for another store",
    async (format) => {
      const manager = localClient(vault, { token });
      await manager.bind();
      const text = await manager.exportConfig({ format });
      expect(text.startsWith("{")).toBe(format === "json");
      const copy = new SecretsManager({ storage: textStorage(text), fetch: vault.fetch });
      expect((await copy.getSecrets()).records.length).toBeGreaterThan(0);
    },
  );

  it("refuses before binding, because the copy would compete for the token", async () => {
    await expect(localClient(vault, { token }).exportConfig()).rejects.toMatchObject({
      code: "ERR_KSM_CONFIG_KEY_MISSING",
    });
  });
});

describe("a binding that goes wrong", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ksm-bind-"));
    path = join(folder, "config.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("removes the half-made file when the service refuses, and asks for a new token", async () => {
    const spent = await vault.newToken();
    await localClient(vault, { token: spent }).bind();
    const late = localClient(vault, { token: spent, storage: fileStorage({ path }) });
    const failure = await late.bind().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "ERR_KSM_BIND_FAILED",
      cause: { code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" },
    });
    expect(String(failure)).toContain("new one-time token");
    expect(String(failure)).not.toContain(spent);
    expect(await readdir(folder)).toEqual([]);
  });

  it("removes what never bound, though a file from before it held it", async () => {
    const spent = await vault.newToken();
    const values = memoryStorage();
    vault.faults.add({ kind: "drop", when: "before" });
    await localClient(vault, { token: spent, storage: values })
      .bind()
      .catch(() => undefined);
    await fileStorage({ path }).save(await values.load());
    await localClient(vault, { token: spent }).bind();
    const late = new SecretsManager({
      ...clientOptions(vault, { storage: fileStorage({ path }) }),
      token: undefined,
    });
    await expect(late.bind()).rejects.toMatchObject({ code: "ERR_KSM_BIND_FAILED" });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ["the connection breaks", { kind: "drop", when: "before" }, "ERR_KSM_TRANSPORT_NETWORK"],
    ["the service fails", { kind: "status", status: 503, body: "" }, "ERR_KSM_TRANSPORT_REFUSED"],
    ["the answer is garbage", { kind: "garbage" }, "ERR_KSM_TRANSPORT_BAD_RESPONSE"],
  ] as const)("keeps file and key pair when %s, and a later call ends it", async (_what, fault, code) => {
    vault.faults.add({ ...fault, times: 1 });
    const manager = localClient(vault, { token, storage: fileStorage({ path }) });
    await expect(manager.bind()).rejects.toMatchObject({ code });
    const { privateKey } = JSON.parse(await readFile(path, "utf8")) as { privateKey: string };
    expect(await manager.status()).toBe("initialized");

    const next = localClient(vault, { token, storage: fileStorage({ path }) });
    expect(await next.bind()).toEqual({ justBound: true });
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ privateKey });
  });

  it("binds again with the same key pair when the first answer was lost", async () => {
    vault.faults.add({ kind: "drop", when: "after" });
    const storage = fileStorage({ path });
    await expect(localClient(vault, { token, storage }).bind()).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_NETWORK",
    });
    expect(await localClient(vault, { token, storage }).bind()).toEqual({ justBound: true });
  });

  it("tells when only the confirmation failed, and the next call confirms", async () => {
    vault.faults.add({ kind: "status", status: 500, body: "", after: 1 });
    const manager = localClient(vault, { token });
    const { records, warnings } = await manager.getSecrets();
    expect(records.length).toBeGreaterThan(0);
    expect(warnings).toEqual([expect.stringContaining("confirming it failed")]);
    expect((await manager.getSecrets()).warnings).toEqual([]);
  });

  it("spends no token when the storage cannot be written", async () => {
    const readOnly: ConfigStorage = {
      ...memoryStorage(),
      save: () => Promise.reject(new StorageError("ERR_KSM_STORAGE_UNWRITABLE", "no")),
    };
    const from = vault.log.length;
    await expect(localClient(vault, { token, storage: readOnly }).bind()).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
    });
    expect(calls(from)).toEqual([]);
    expect(await localClient(vault, { token }).bind()).toEqual({ justBound: true });
  });

  it("does not confirm what it could not store, so the token still works", async () => {
    const storage = memoryStorage();
    let saves = 0;
    const failsLater: ConfigStorage = {
      ...storage,
      save: (...args) =>
        ++saves === 2
          ? Promise.reject(new StorageError("ERR_KSM_STORAGE_UNWRITABLE", "full"))
          : storage.save(...args),
    };
    const from = vault.log.length;
    await expect(localClient(vault, { token, storage: failsLater }).bind()).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
    });
    expect(calls(from)).toEqual(["get_secret ok"]);
    expect(await localClient(vault, { token, storage }).bind()).toEqual({ justBound: true });
  });

  it("takes over what another process bound meanwhile", async () => {
    const shared = memoryStorage();
    vault.faults.add({ kind: "drop", when: "before" });
    await localClient(vault, { token, storage: shared })
      .bind()
      .catch(() => undefined);
    const managers = [1, 2].map(() => localClient(vault, { token, storage: shared }));
    const results = await Promise.all(managers.map((manager) => manager.getSecrets()));
    for (const { records } of results) expect(records.length).toBeGreaterThan(0);
    expect(await managers[0]?.status()).toBe("bound");
  });

  it("refuses to bind a configuration text that cannot be written back", async () => {
    const storage = memoryStorage();
    vault.faults.add({ kind: "drop", when: "before" });
    await localClient(vault, { token, storage })
      .bind()
      .catch(() => undefined);
    const text = JSON.stringify(await storage.load());
    const manager = new SecretsManager({ storage: textStorage(text), fetch: vault.fetch });
    const from = vault.log.length;
    await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNWRITABLE" });
    expect(calls(from)).toEqual([]);
  });
});
