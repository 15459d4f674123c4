/** What a save keeps of a record, and what a download refuses. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import type { KsmRecord } from "../../src/records/ksm-record.ts";
import { KsmRecord as Record } from "../../src/records/ksm-record.ts";
import { paddedJson } from "../../src/records/seal-json.ts";
import { saveFile } from "../../src/node/save-file.ts";
import { localClient, startLocalVault } from "./local-client.ts";

let vault: Vault;
let editor: SecretsEditor;
let record: KsmRecord;
beforeAll(async () => {
  vault = await startLocalVault();
  editor = localClient(vault);
  record = await editor.getRecordByTitle("Web shop");
});
afterAll(() => vault.close());

it("integers that JavaScript cannot hold survive a save that has nothing to do with them", async () => {
  const written =
    '{"type":"login","title":"t","fields":[],"x":12345678901234567890,"y":[-9007199254740993,1.5]}';
  const large = new Map([
    [12345678901234567000, "12345678901234567890"],
    [-9007199254740992, "-9007199254740993"],
  ]);
  expect(new TextDecoder().decode(paddedJson(JSON.parse(written) as never, large)).trim()).toBe(written);
  const twins = new Map([[9007199254740992, null]]);
  expect(() => paddedJson({ x: 9007199254740992 }, twins)).toThrow(/were not written the same/);
  expect(() => paddedJson({ x: 1 }, twins)).not.toThrow();
});

it("they do so through a whole read, change and save", async () => {
  const stored = await editor.getRecord(record.uid);
  const state = Record.stateOf(stored);
  state.exactNumbers = new Map([[12345678901234567000, "12345678901234567890"]]);
  stored.data["x"] = 12345678901234567000;
  await editor.updateRecord(stored);
  expect(Record.stateOf(stored).exactNumbers).toEqual(
    new Map([[12345678901234567000, "12345678901234567890"]]),
  );
  stored.setField("login", "dora");
  await editor.updateRecord(stored);
  const again = await editor.getRecord(record.uid);
  expect(Record.stateOf(again).exactNumbers?.get(12345678901234567000)).toBe("12345678901234567890");
});

it("a change made while the service is saving is told", async () => {
  const mine = await editor.getRecord(record.uid);
  mine.setField("password", "three");
  const slow = localClient(vault, {
    token: vault.ksm.oneTimeTokens[1],
    middleware: async (call, next) => {
      if (call.endpoint === "update_secret") mine.setField("login", "meanwhile");
      return next(call);
    },
  });
  const { stale } = await slow.updateRecord(mine);
  expect(stale?.code).toBe("ERR_KSM_RECORD_CHANGED");
  expect(mine.field("login")).toBe("meanwhile");
  expect((await editor.getRecord(record.uid)).field("password")).toBe("three");
});

it("a download ends when it is much longer than the file's metadata say", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ksm-hazard-"));
  let given = 0;
  const greedy = localClient(vault, {
    token: vault.ksm.oneTimeTokens[2],
    fetch: async (url, request) => {
      if (url.includes("/api/rest/")) return vault.fetch(url, request);
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          given += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      });
      return { status: 200, headers: { get: () => null }, body };
    },
  });
  const owner = (await greedy.getSecrets()).records.find(({ files }) => files.length > 0);
  const [file] = owner?.files ?? [];
  expect(file?.size).toBeLessThan(10_000);
  if (file) {
    await expect(saveFile(greedy, file, join(folder, "x"))).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UNAVAILABLE",
    });
  }
  expect(given).toBeLessThan(1_000_000);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
