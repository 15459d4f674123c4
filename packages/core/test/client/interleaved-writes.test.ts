/** Two applications in one process: no write ever uses the other one's keys (ksm-protocol section 22, defects 1 and 2). */
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import type { KsmFolder } from "../../src/records/ksm-folder.ts";
import { localClient, startLocalVault } from "./local-client.ts";

interface Side {
  name: string;
  vault: Vault;
  manager: SecretsEditor;
  folders: readonly KsmFolder[];
  expected: Map<string, string>;
}

let sides: Side[];
beforeAll(async () => {
  sides = await Promise.all(
    ["left", "right"].map(async (name) => {
      const vault = await startLocalVault();
      const manager = localClient(vault);
      const { folders } = await manager.getFolders();
      return { name, vault, manager, folders, expected: new Map<string, string>() };
    }),
  );
});
afterAll(() => Promise.all(sides.map(({ vault }) => vault.close())));

async function write({ name, manager, folders, expected }: Side, round: number): Promise<void> {
  const at = folders[round % 5];
  const folderUid = at?.isEditable === false ? folders[0]?.uid : at?.uid;
  const record = { type: "login", title: `${name} ${round}`, fields: [{ type: "login", value: name }] };
  const uid = await manager.createRecord({ folderUid: folderUid ?? "", record, folders });
  const { record: saved } = await manager.patchRecord(uid, (current) =>
    current.setField("login", `${name} saved`),
  );
  await manager.uploadFile(saved, {
    name: `${name}.txt`,
    data: new TextEncoder().encode(`${name} ${round}`),
  });
  await manager.createFolder({ parentUid: folderUid ?? "", name: `${name} ${round}`, folders });
  expected.set(uid, `${name} ${round}`);
}

describe("two clients of two applications", () => {
  it("write 400 times, interleaved, without one wrong key", async () => {
    const rounds = 50;
    for (let start = 0; start < rounds; start += 10) {
      await Promise.all(
        Array.from({ length: 10 }, (_, index) => sides.map((side) => write(side, start + index))).flat(),
      );
    }
    for (const { name, vault, expected } of sides) {
      expect(expected.size).toBe(rounds);
      for (const [uid, title] of expected) {
        // Opens everything with the owner's keys, and fails where one wrapping holds another key.
        const { data, files } = vault.owner.readRecord(uid);
        expect(data).toMatchObject({ title, fields: [{ value: [`${name} saved`] }, { type: "fileRef" }] });
        expect(Buffer.from(files[0]?.content ?? []).toString()).toBe(title);
      }
      const names = vault.owner.readFolders().map((folder) => folder.name);
      for (let round = 0; round < rounds; round++) expect(names).toContain(`${name} ${round}`);
      const written = vault.log.filter(
        ({ endpoint, outcome }) => !endpoint.startsWith("get_") && outcome === "ok",
      );
      expect(written.length).toBeGreaterThanOrEqual(200);
      expect(vault.log.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
    }
  });
});
