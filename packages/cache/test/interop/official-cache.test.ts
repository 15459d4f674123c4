/** Cache files of the vendor's SDK and ours, each read by the other. */
import { execFile } from "node:child_process";
import { createCipheriv, createDecipheriv } from "node:crypto";
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { memoryStorage, SecretsManager, textStorage } from "@ksmkit/core";
import { startVault, type Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import type { CacheEvent } from "../../src/event.ts";
import { officialCacheFile } from "../../src/node/official-cache-file.ts";
import { readOfficialCache, writeOfficialCache } from "../../src/official/official-layout.ts";
import { memoryStore } from "../../src/store/memory-store.ts";

const program = fileURLToPath(new URL("programs/official-read.mjs", import.meta.url));
let vault: Vault;
let directory: string;
let config: string;
beforeEach(async () => {
  vault = await startVault({ rateLimit: false });
  directory = await mkdtemp(join(tmpdir(), "ksmkit-official-"));
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const storage = memoryStorage();
  using binder = new SecretsManager({
    storage,
    token: oneTimeTokens[0],
    hostname,
    serverPublicKey,
    serverPublicKeyId,
    fetch: vault.fetch,
  });
  await binder.bind();
  config = await binder.exportConfig();
  await writeFile(join(directory, "config.json"), config);
});
afterEach(async () => {
  await vault.close();
  await rm(directory, { recursive: true });
});

/** What the vendor's SDK reads, in the directory where its cache is. */
async function officialRead(): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, join(directory, "config.json")], {
    cwd: directory,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: vault.ksm.caFile },
    timeout: 30_000,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

function ourClient(options: { write?: boolean; path?: string } = {}): {
  manager: SecretsManager;
  events: CacheEvent[];
} {
  const events: CacheEvent[] = [];
  const cache = new DisasterCache({
    store: memoryStore(),
    official: officialCacheFile({ path: join(directory, "cache.dat"), ...options }),
    onEvent: (event) => events.push(event),
  });
  return {
    manager: new SecretsManager({
      storage: textStorage(config),
      fetch: vault.fetch,
      middleware: cache.middleware,
    }),
    events,
  };
}

const cut = (): void => vault.faults.add({ kind: "drop", when: "before", times: "always" });

it("reads in an outage what the vendor's SDK has stored", async () => {
  const official = await officialRead();
  cut();
  const { manager } = ourClient();
  const { records, freshness, warnings } = await manager.getSecrets({ keepDuplicates: true });
  expect(records.map(({ uid, title }) => [uid, title])).toEqual(official);
  expect(freshness.source).toBe("cache");
  expect(freshness.fetchedAt).toBe((await stat(join(directory, "cache.dat"))).mtimeMs);
  expect(warnings).toEqual([expect.stringContaining("another SDK")]);
  const uid = records[0]?.uid ?? "";
  expect((await manager.getRecord(uid)).uid).toBe(uid);
  await expect(manager.getSecrets({ uids: ["A".repeat(22)] })).rejects.toMatchObject({
    code: "ERR_KSM_TRANSPORT_NETWORK",
  });
});

it("stores what the vendor's SDK reads in an outage", async () => {
  const { manager } = ourClient({ write: true });
  const { records } = await manager.getSecrets({ keepDuplicates: true });
  expect((await stat(join(directory, "cache.dat"))).mode & 0o777).toBe(0o600);
  await manager.getRecord(records[0]?.uid ?? "");
  await manager.getFolders();
  await vault.close();
  expect(await officialRead()).toEqual(records.map(({ uid, title }) => [uid, title]));
});

it("honours KSM_CACHE_DIR when it is used, not when the cache is made", async () => {
  const env: Record<string, string | undefined> = {};
  const place = officialCacheFile({ write: true, env });
  env["KSM_CACHE_DIR"] = directory;
  await place.write(await writeOfficialCache({ any: "answer" }));
  // The layout of the Python SDK: key, nonce, ciphertext, tag.
  const bytes = await readFile(join(directory, "ksm_cache.bin"));
  expect(bytes).toHaveLength(32 + 12 + JSON.stringify({ any: "answer" }).length + 16);
  expect(await readOfficialCache(bytes)).toEqual({ any: "answer" });
  expect((await place.read())?.bytes).toEqual(new Uint8Array(bytes));
});

it("speaks the layout of ksm_cache.bin, made and opened without this package", async () => {
  const answer = { appData: "é", records: [] };
  const [key, nonce] = [Buffer.alloc(32, 1), Buffer.alloc(12, 2)];
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer)), cipher.final()]);
  expect(await readOfficialCache(Buffer.concat([key, nonce, sealed, cipher.getAuthTag()]))).toEqual(answer);
  const ours = Buffer.from(await writeOfficialCache(answer));
  const decipher = createDecipheriv("aes-256-gcm", ours.subarray(0, 32), ours.subarray(32, 44));
  decipher.setAuthTag(ours.subarray(-16));
  expect(
    JSON.parse(decipher.update(ours.subarray(44, -16), undefined, "utf8") + decipher.final("utf8")),
  ).toEqual(answer);
});

describe("does not use a file", () => {
  const damages: Record<string, (path: string) => Promise<void>> = {
    "that is empty, as a write of the vendor's SDK leaves it": (path) => writeFile(path, ""),
    "that is cut short": async (path) => writeFile(path, (await readFile(path)).subarray(0, 100)),
    "that is damaged": async (path) => {
      const bytes = await readFile(path);
      await writeFile(path, bytes.with(200, bytes.readUInt8(200) ^ 1));
    },
    "of another application": async (path) => {
      const answer = await readOfficialCache(await readFile(path));
      const appData = Buffer.alloc(60).toString("base64");
      await writeFile(path, await writeOfficialCache({ ...answer, appData }));
    },
    "with an answer for folders": (path) =>
      writeOfficialCache({ folders: [] }).then((bytes) => writeFile(path, bytes)),
    "that is too old": (path) => utimes(path, 1_000_000, 1_000_000),
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`it is one ${what}`, async () => {
      await ourClient({ write: true }).manager.getSecrets();
      await damage(join(directory, "cache.dat"));
      cut();
      await expect(ourClient().manager.getSecrets()).rejects.toMatchObject({
        code: "ERR_KSM_TRANSPORT_NETWORK",
      });
    });
  }
});

it("removes the file when access is denied", async () => {
  const { manager } = ourClient({ write: true });
  await manager.getSecrets();
  vault.faults.add({ kind: "status", status: 403, body: { result_code: "access_denied" } });
  await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" });
  await expect(stat(join(directory, "cache.dat"))).rejects.toMatchObject({ code: "ENOENT" });
});
