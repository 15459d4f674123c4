import { startVault, type Vault } from "@ksmkit/emulator";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { localFile } from "../../src/node/local-file.ts";
import { saveFile } from "../../src/node/save-file.ts";
import type { KsmFile } from "../../src/records/ksm-file.ts";
import { localClient } from "../client/local-client.ts";

const content = Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * 13) & 0xff);
let vault: Vault;
let manager: SecretsEditor;
let folder: string;
let file: KsmFile;
let hostile: KsmFile;

beforeAll(async () => {
  vault = await startVault({ listen: false, rateLimit: false });
  manager = localClient(vault);
  const record = await manager.getRecordByTitle("Build server");
  await manager.uploadFile(record, { name: "a.bin", data: content });
  await vault.owner.addFile(record.uid, { name: "../../CON.txt", base64: "AAEC", thumbnail: "AwQF" });
  const { files } = await manager.getRecord(record.uid);
  const [first, second] = files;
  if (first === undefined || second === undefined) throw new Error("no files");
  [file, hostile] = [first, second];
});
afterAll(() => vault.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ksmkit-save-"));
});
afterEach(async () => {
  vault.faults.clear();
  await rm(folder, { recursive: true, force: true });
});

describe("saveFile", () => {
  it("writes a file for its owner only, replacing one that is there", async () => {
    const path = join(folder, "out.bin");
    await writeFile(path, "old", { mode: 0o644 });
    let done = 0;
    const onProgress = ({ bytes }: { bytes: number }): void => void (done = bytes);
    expect(await saveFile(manager, file, path, { onProgress })).toBe(path);
    expect(done).toBe(content.length);
    expect(Buffer.compare(await readFile(path), content)).toBe(0);
    expect((await stat(path)).mode & 0o777).toBe(process.platform === "win32" ? 0o666 : 0o600);
    expect(await readdir(folder)).toEqual(["out.bin"]);
  });

  it("replaces a symbolic link, not what it leads to", async () => {
    const elsewhere = join(folder, "elsewhere");
    await writeFile(elsewhere, "kept");
    await symlink(elsewhere, join(folder, "link"));
    await saveFile(manager, hostile, join(folder, "link"));
    expect(await readFile(elsewhere, "utf8")).toBe("kept");
    expect(await readFile(join(folder, "link"), "hex")).toBe("000102");
  });

  it("gives a file in a folder its own name, made safe, and replaces nothing there unless told", async () => {
    const saved = await saveFile(manager, hostile, folder);
    expect(saved).toBe(join(folder, ".._.._CON.txt"));
    expect(await saveFile(manager, hostile, folder, { thumbnail: true })).toBe(`${saved}.thumbnail`);
    expect(await readFile(`${saved}.thumbnail`, "hex")).toBe("030405");
    await writeFile(saved, "mine");
    const at = vault.log.length;
    await expect(saveFile(manager, hostile, folder)).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UNWRITABLE",
      message: expect.stringContaining("set overwrite to replace it") as string,
    });
    expect(vault.log).toHaveLength(at);
    expect(await readFile(saved, "utf8")).toBe("mine");
    await saveFile(manager, hostile, folder, { overwrite: true });
    expect(await readFile(saved, "hex")).toBe("000102");
    await expect(saveFile(manager, hostile, saved, { overwrite: false })).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UNWRITABLE",
    });
  });

  it("does not replace a file that comes while it downloads", async () => {
    const path = join(folder, "late");
    const onProgress = (): void => void writeFile(path, "theirs");
    const slow: Pick<SecretsEditor, "streamFile"> = {
      streamFile: async (...args) => {
        await manager.streamFile(...args);
        await writeFile(path, "theirs");
      },
    };
    await expect(saveFile(slow, file, path, { overwrite: false, onProgress })).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UNWRITABLE",
    });
    expect(await readFile(path, "utf8")).toBe("theirs");
    expect(await readdir(folder)).toEqual(["late"]);
  });

  it("makes folders only when told", async () => {
    const deep = join(folder, "a", "b") + "/";
    await expect(saveFile(manager, file, deep)).rejects.toMatchObject({ code: "ERR_KSM_FILE_UNWRITABLE" });
    expect(await readdir(folder)).toEqual([]);
    expect(await saveFile(manager, file, deep, { createFolders: true })).toBe(join(deep, "a.bin"));
    await writeFile(join(folder, "plain"), "");
    const through = join(folder, "plain", "x");
    await expect(saveFile(manager, file, through, { createFolders: true })).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UNWRITABLE",
    });
  });

  const failures = [
    { name: "the file is gone", fault: { kind: "status", status: 404, body: "<html>" } },
    { name: "the content is damaged", fault: { kind: "wrongTag" } },
    { name: "the connection drops", fault: { kind: "drop", when: "during" } },
    { name: "a page comes instead", fault: { kind: "status", status: 200, body: "<html>".repeat(99) } },
  ] as const;
  it.each(failures)("leaves the old file and nothing else when $name", async ({ fault }) => {
    const path = join(folder, "out.bin");
    await writeFile(path, "old");
    vault.faults.add({ endpoint: "download", ...fault });
    await expect(saveFile(manager, file, path)).rejects.toMatchObject({ code: "ERR_KSM_FILE_UNAVAILABLE" });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["out.bin"]);
  });

  it("leaves nothing behind after an abort, nor when the target is a folder", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    await expect(
      saveFile(manager, file, join(folder, "x"), { signal, onProgress: () => controller.abort() }),
    ).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
    await expect(saveFile(manager, file, join(folder, "x"), { signal })).rejects.toMatchObject({
      code: "ERR_KSM_ABORTED",
    });
    expect(await readdir(folder)).toEqual([]);
    await mkdir(join(folder, ".._.._CON.txt"));
    await expect(saveFile(manager, hostile, folder, { overwrite: true })).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UNWRITABLE",
    });
    expect(await readdir(folder)).toEqual([".._.._CON.txt"]);
  });

  it("refuses what is no path", async () => {
    for (const path of ["", 7, undefined]) {
      await expect(saveFile(manager, file, path as string)).rejects.toMatchObject({
        code: "ERR_KSM_ARGUMENT_INVALID",
      });
    }
  });
});

describe("localFile", () => {
  it.each([0, 5, 3_000_001])("uploads a file of %i bytes from disk", async (length) => {
    const path = join(folder, "up.bin");
    await writeFile(path, content.subarray(0, length));
    const record = await manager.getRecordByTitle("Web shop");
    const described = await localFile(path);
    expect(described).toMatchObject({ name: "up.bin", size: length });
    const { fileUid } = await manager.uploadFile(record, { ...described, title: "Up" });
    const owned = vault.owner.readRecord(record.uid).files.find(({ uid }) => uid === fileUid);
    expect(owned?.metadata).toMatchObject({ name: "up.bin", title: "Up", size: length });
    expect(Buffer.compare(owned?.content ?? new Uint8Array(1), content.subarray(0, length))).toBe(0);
  });

  it("notices a file that changes or goes away between the two", async () => {
    const path = join(folder, "changing");
    await writeFile(path, "12345");
    const described = await localFile(path);
    const record = await manager.getRecordByTitle("Web shop");
    await writeFile(path, "1234567");
    await expect(manager.uploadFile(record, described)).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UPLOAD_FAILED",
    });
    await rm(path);
    const again = await manager.getRecordByTitle("Web shop");
    await expect(manager.uploadFile(again, described)).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UPLOAD_FAILED",
    });
  });

  it("refuses what is no readable file", async () => {
    for (const path of [join(folder, "missing"), folder]) {
      await expect(localFile(path)).rejects.toMatchObject({ code: "ERR_KSM_FILE_UNREADABLE" });
    }
  });
});
