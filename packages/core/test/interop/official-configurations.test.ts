/** Configurations written by one side are used by the other; both read the same vault alike. */
import {
  getFolders,
  getSecrets2,
  initialize,
  initializeStorage,
  inMemoryStorage,
  loadJsonConfig,
  type SecretManagerOptions,
} from "@keeper-security/secrets-manager-core";
import { type Vault, startVault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretsManager } from "../../src/client/secrets-manager.ts";
import { memoryStorage, textStorage } from "../../src/config/storage.ts";
import { localClient } from "../client/local-client.ts";

let vault: Vault;
beforeAll(async () => {
  vault = await startVault({ rateLimit: false });
  initialize("17.5.0");
});
afterAll(() => vault.close());

function official(storage: SecretManagerOptions["storage"]): SecretManagerOptions {
  const { serverPublicKey, serverPublicKeyId } = vault.ksm;
  return { storage, allowUnverifiedCertificate: true, serverPublicKey, serverPublicKeyId };
}

/** A record reduced to what both sides tell. */
interface Plain {
  uid: string;
  data: unknown;
  folder: string | undefined;
  inner: string | undefined;
  files: unknown[];
}

async function officialRecords(storage: SecretManagerOptions["storage"]): Promise<Plain[]> {
  const { records } = await getSecrets2(official(storage), { requestLinks: true });
  return records.map((record) => ({
    uid: record.recordUid,
    data: record.data as unknown,
    folder: record.folderUid || undefined,
    inner: record.innerFolderUid || undefined,
    files: (record.files ?? []).map(({ fileUid, data }) => ({ fileUid, data: data as unknown })),
  }));
}

async function ourRecords(manager: SecretsManager): Promise<Plain[]> {
  const { records } = await manager.getSecrets({ keepDuplicates: true, links: true });
  return records.map((record) => ({
    uid: record.uid,
    data: record.data,
    folder: record.folderUid,
    inner: record.innerFolderUid,
    files: record.files.map(({ uid, metadata }) => ({ fileUid: uid, data: metadata })),
  }));
}

describe("the official SDK and ours", () => {
  it("ours uses a configuration that the official one bound", async () => {
    const values: Record<string, string> = {};
    const storage = inMemoryStorage(values);
    await initializeStorage(storage, vault.ksm.oneTimeTokens[1] ?? "", vault.ksm.hostname);
    const theirs = await officialRecords(storage);
    for (const text of [JSON.stringify(values), Buffer.from(JSON.stringify(values)).toString("base64")]) {
      const manager = new SecretsManager({ storage: textStorage(text), fetch: vault.fetch });
      expect(await ourRecords(manager)).toEqual(theirs);
    }
  });

  it("the official one uses a configuration that ours bound", async () => {
    const manager = localClient(vault, { token: vault.ksm.oneTimeTokens[2] });
    await manager.bind();
    for (const format of ["json", "base64"] as const) {
      const storage = loadJsonConfig(await manager.exportConfig({ format }));
      expect(await officialRecords(storage)).toEqual(await ourRecords(manager));
    }
  });

  it("ours completes what the official one initialized, with the same key pair", async () => {
    const values: Record<string, string> = {};
    await initializeStorage(inMemoryStorage(values), vault.ksm.oneTimeTokens[3] ?? "", vault.ksm.hostname);
    const { serverPublicKey, serverPublicKeyId } = vault.ksm;
    const storage = memoryStorage({ ...values, serverPublicKey, serverPublicKeyId });
    const manager = new SecretsManager({ storage, fetch: vault.fetch });
    expect(await manager.bind()).toEqual({ justBound: true });
    expect(await storage.load()).toMatchObject({
      privateKey: values["privateKey"],
      clientId: values["clientId"],
    });
  });

  it("both see the same folders", async () => {
    const manager = localClient(vault, { token: vault.ksm.oneTimeTokens[4] });
    const { folders } = await manager.getFolders();
    const theirs = await getFolders(official(loadJsonConfig(await manager.exportConfig())));
    expect(folders.map(({ uid, name, parentUid }) => ({ uid, name, parent: parentUid ?? "" }))).toEqual(
      theirs.map(({ folderUid, name, parentUid }) => ({ uid: folderUid, name, parent: parentUid ?? "" })),
    );
  });
});
