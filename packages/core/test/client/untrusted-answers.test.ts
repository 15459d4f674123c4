/** Answers of a hostile service, and calls with arguments of the wrong kind. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetworkFetch, type JsonObject } from "@ksmkit/common";
import { startVault } from "@ksmkit/emulator";
import { expect, it } from "vitest";
import type { Middleware } from "../../src/middleware/middleware.ts";
import { safeFileName } from "../../src/node/safe-file-name.ts";
import { saveFile } from "../../src/node/save-file.ts";
import { openFolders } from "../../src/records/open-folders.ts";
import { localClient, startLocalVault } from "./local-client.ts";

it("a file uid is no path either", () => {
  expect(safeFileName("", "/etc/cron.d/x")).toBe("_etc_cron.d_x");
  expect(safeFileName("...", "../../x")).toBe(".._.._x");
  expect(safeFileName("..", "..")).toBe("file");
});

it("a service that passes keys off as file keys cannot choose where a file goes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ksm-hostile-"));
  await using vault = await startVault({ rateLimit: false, listen: false });
  const bend: Middleware = async (call, next) => {
    const answer = await next(call);
    const { records, appData } = answer.json as { records?: JsonObject[]; appData?: string };
    const victim = records?.find(({ data, recordKey }) => data && recordKey);
    if (call.kind !== "read" || victim === undefined) return answer;
    const { recordKey: fileKey, data } = victim;
    const file = { fileUid: "../pwned.json", fileKey, data, url: "https://store.test/x", thumbnailUrl: "" };
    const record = {
      recordUid: victim["recordUid"],
      recordKey: "",
      data: appData,
      revision: 1,
      files: [file],
    };
    return { ...answer, json: { ...answer.json, records: [record], folders: [] } };
  };
  let content = "";
  const manager = localClient(vault, {
    middleware: [
      bend,
      async (call, next) => {
        const answer = await next(call);
        const { records } = answer.json as { records?: { data: string; recordKey: string }[] };
        content ||= records?.find(({ recordKey }) => recordKey)?.data ?? "";
        return answer;
      },
    ],
    fetch: async (url, request) =>
      url.startsWith("https://store.test/")
        ? {
            status: 200,
            headers: { get: () => null },
            body: new Blob([Buffer.from(content, "base64url")]).stream(),
          }
        : vault.fetch(url, request),
  });
  await manager.bind();
  const { records } = await manager.getSecrets();
  const file = records[0]?.files[0];
  expect(file?.uid).toBe("../pwned.json");
  if (file) await saveFile(manager, file, join(folder, "downloads/"), { createFolders: true });
  expect(await readdir(folder)).toEqual(["downloads"]);
  expect(await readdir(join(folder, "downloads"))).toEqual([".._pwned.json"]);
  await rm(folder, { recursive: true });
});

it("a chain of folders without end costs no more than it says", async () => {
  const folderKey = Buffer.alloc(60, 7).toString("base64");
  const chain = Array.from({ length: 20_000 }, (_, i) => ({
    folderUid: `f${i}`,
    parent: i === 0 ? "" : `f${i - 1}`,
    folderKey,
    data: "",
  }));
  const { folders, problems } = await openFolders(
    { folders: chain.toReversed() },
    { appKey: new Uint8Array(32) },
  );
  expect(folders).toEqual([]);
  expect(problems).toHaveLength(20_000);
  expect(problems[0]).toMatchObject({ reason: "too-deep", uid: "f19999" });
});

it("an uid that is not there does not ask for the whole vault", async () => {
  const vault = await startLocalVault();
  const manager = localClient(vault);
  await manager.bind();
  const asked = vault.log.length;
  for (const uid of [undefined, "", null]) {
    await expect(manager.getRecord(uid as never)).rejects.toMatchObject({ code: "ERR_KSM_ARGUMENT_INVALID" });
  }
  expect(vault.log).toHaveLength(asked);
  await vault.close();
});

it("only the word false switches certificate checks off", () => {
  for (const verifyCertificates of [0, "", "false"]) {
    expect(() => createNetworkFetch({ verifyCertificates: verifyCertificates as never })).toThrow(
      "verifyCertificates must be true or false",
    );
  }
  expect(() => createNetworkFetch({ ca: Buffer.from("x") as never })).toThrow("ca holds text");
});

it("a storage that lacks a method is refused when the client is made", async () => {
  const vault = await startLocalVault();
  const storage = { load: async () => ({}), save: async () => {}, description: "half a storage" };
  expect(() => localClient(vault, { storage: storage as never })).toThrow(
    expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
  );
  await vault.close();
});
