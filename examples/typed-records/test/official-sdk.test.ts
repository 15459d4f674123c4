/** The official SDK reads every record that the example makes, and agrees about each. */
import {
  getSecrets,
  getValue,
  initialize,
  loadJsonConfig,
  type KeeperRecord,
  type KeeperSecrets,
  type SecretManagerOptions,
} from "@keeper-security/secrets-manager-core";
import { memoryStorage } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import { startVault, type Vault } from "@ksmkit/emulator";
import { readRecord, recordTypeNames, type RecordData } from "@ksmkit/helper";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEveryType } from "../src/create-every-type.ts";

const folderUid = "VHlwZWRSZWNvcmRzRm9sZA";
const everyType = recordTypeNames({ includeUnverified: true });

let vault: Vault;
let stored: ReadonlyMap<string, RecordData>;
let ours: SecretsEditor;
let theirs: SecretManagerOptions;
let secrets: KeeperSecrets;

function newEditor(token: string | undefined): SecretsEditor {
  const { hostname, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const storage = memoryStorage();
  return new SecretsEditor({
    storage,
    token,
    hostname,
    serverPublicKey,
    serverPublicKeyId,
    fetch: vault.fetch,
  });
}

beforeAll(async () => {
  vault = await startVault({ seed: { folders: [{ uid: folderUid, name: "Typed" }] } });
  const { oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  ours = newEditor(oneTimeTokens[0]);
  stored = await createEveryType(ours, folderUid);

  // A client device of its own for the official SDK.
  using other = newEditor(oneTimeTokens[1]);
  await other.bind();
  initialize("17.5.0");
  theirs = {
    storage: loadJsonConfig(await other.exportConfig()),
    allowUnverifiedCertificate: true,
    serverPublicKey,
    serverPublicKeyId,
  };
  secrets = await getSecrets(theirs);
});
afterAll(() => {
  ours.close();
  return vault.close();
});

/** What was built, and what the official SDK reads. */
function bothOf(type: string): { uid: string; built: RecordData; read: KeeperRecord } {
  const [uid, built] = [...stored].find(([, record]) => record.type === type) ?? [];
  const read = secrets.records.find(({ recordUid }) => recordUid === uid);
  if (uid === undefined || built === undefined) throw new Error(`the example makes no ${type}`);
  if (read === undefined) throw new Error(`the official SDK does not see the ${type}`);
  return { uid, built, read };
}

describe("the official SDK", () => {
  it("sees one record of each type, all in the folder", () => {
    expect(secrets.records.map(({ data }) => String(data.type)).toSorted()).toEqual(everyType.toSorted());
    expect(new Set(secrets.records.map((read) => read.folderUid))).toEqual(new Set([folderUid]));
  });

  it.each(everyType)("reads the %s as it was built", (type) => {
    const { built, read } = bothOf(type);
    expect(read.data).toEqual(built);
  });

  it.each(everyType)("finds every filled slot of the %s by notation", (type) => {
    const { uid, built } = bothOf(type);
    expect(getValue(secrets, `keeper://${uid}/title`)).toBe(built.title);
    for (const { type: fieldType, label, value } of built.fields) {
      if (value.length === 0) continue;
      const name = label ?? fieldType;
      expect(getValue(secrets, `keeper://${uid}/field/${name}`), name).toEqual(value[0]);
    }
  });

  it("reads a record that a view changed, and the copy that it made", async () => {
    const { uid } = bothOf("pamMachine");
    const record = await ours.getRecord(uid);
    const view = readRecord(record.data, "pamMachine").set("instanceName", "web-2");
    record.data = view.toData();
    await ours.updateRecord(record);
    const copied = await ours.createRecord({ folderUid, record: view.clone({ title: "Copy" }).toData() });
    const [changed, copy] = (await getSecrets(theirs, [uid, copied])).records.toSorted((a, b) =>
      a.recordUid === uid ? -1 : Number(b.recordUid === uid),
    );
    expect(changed?.data).toEqual(view.toData());
    expect(copy?.data).toEqual({ ...view.toData(), title: "Copy" });
  });
});
