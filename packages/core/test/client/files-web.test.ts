/** Where the platform seals and opens wholes only: browsers, workers. */
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { localClient, startLocalVault } from "./local-client.ts";

vi.mock("#crypto", () => import("../../src/crypto/web/provider.ts"));
vi.mock("#gcm-stream", () => import("../../src/crypto/web/gcm-stream.ts"));

let vault: Vault;
let manager: SecretsEditor;
beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
});
afterAll(() => vault.close());

describe("files over WebCrypto", () => {
  it("go up and come down in one piece", async () => {
    const content = Uint8Array.from({ length: 1_500_000 }, (_, index) => index & 0xff);
    const record = await manager.getRecordByTitle("Web shop");
    const { fileUid } = await manager.uploadFile(record, { name: "n", data: new Blob([content]) });
    const file = record.files.find(({ uid }) => uid === fileUid);
    if (file === undefined) throw new Error("no file");
    const chunks: Uint8Array[] = [];
    await manager.streamFile(file, (chunk) => chunks.push(chunk));
    expect(chunks).toHaveLength(1);
    expect(Buffer.compare(Buffer.concat(chunks), content)).toBe(0);
  });

  it("are not opened when damaged", async () => {
    const [file] = (await manager.getRecordByTitle("Web shop")).files;
    if (file === undefined) throw new Error("no file");
    vault.faults.add({ endpoint: "download", kind: "wrongTag" });
    const write = vi.fn<(chunk: Uint8Array) => void>();
    await expect(manager.streamFile(file, write)).rejects.toMatchObject({ code: "ERR_KSM_FILE_UNAVAILABLE" });
    expect(write).not.toHaveBeenCalled();
  });

  it("are refused when too large to be held, before anything is sent", async () => {
    const record = await manager.getRecordByTitle("Web shop");
    const before = vault.log.length;
    const data = new ReadableStream<Uint8Array>();
    await expect(manager.uploadFile(record, { name: "n", data, size: 0x1000_0001 })).rejects.toMatchObject({
      code: "ERR_KSM_ARGUMENT_INVALID",
    });
    expect(vault.log).toHaveLength(before);
  });
});
