/** The caching post function: online, offline, and what its file tells. */
import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  cachingPostFunction,
  deleteSecret,
  getFolders,
  getSecrets,
  getSecrets2,
  platform,
  postFunction,
  updateSecret,
  type SecretManagerOptions,
} from "../src/index.ts";
import { newDevice, sdks, startLocalVault, vaultQuery } from "./support/sdks.ts";

const { post } = platform;
let folder = "";
let back = "";
let vault: Vault;
let device: SecretManagerOptions & { config: Record<string, string> };

beforeEach(async () => {
  back = process.cwd();
  folder = await mkdtemp(join(tmpdir(), "ksm-compat-"));
  process.chdir(folder);
  vault = await startLocalVault();
  device = { ...(await newDevice(sdks.ours, vault)), queryFunction: cachingPostFunction };
  // Bound beforehand: what the binding itself answers is never kept.
  await getSecrets({ ...device, queryFunction: vaultQuery(vault) });
  online();
});
afterEach(async () => {
  Object.assign(platform, { post });
  process.chdir(back);
  await Promise.all([vault.close(), rm(folder, { recursive: true })]);
});

function online(): void {
  const query = vaultQuery(vault);
  platform.post = (url, payload, headers = {}) =>
    query(
      url,
      {
        publicKeyId: Number(headers["PublicKeyId"]),
        key: new Uint8Array(),
        encryptedKey: platform.base64ToBytes(headers["TransmissionKey"] ?? ""),
      },
      {
        payload,
        signature: platform.base64ToBytes((headers["Authorization"] ?? "").replace("Signature ", "")),
      },
    );
}

function offline(code = "ECONNREFUSED"): void {
  platform.post = async () => {
    throw Object.assign(new Error(`connect ${code} 127.0.0.1:443`), { code });
  };
}

describe("cachingPostFunction", () => {
  it("answers reads from its file while the service cannot be reached", async () => {
    const secrets = await getSecrets(device);
    const folders = await getFolders(device);
    expect(await readdir(".")).toEqual(["cache.dat"]);
    expect(((await stat("cache.dat")).mode & 0o777).toString(8)).toBe("600");
    offline();
    expect(await getSecrets(device)).toEqual(secrets);
    expect(await getFolders(device)).toEqual(folders);
  });

  it("answers with what was asked for of the whole, and never the other way round", async () => {
    const { records } = await getSecrets(device);
    const wanted = records.find(({ folderUid }) => folderUid)!;
    offline();
    const filtered = await getSecrets(device, [wanted.recordUid]);
    expect(filtered.records).toEqual([wanted]);
    const ofFolder = await getSecrets2(device, { foldersFilter: [wanted.folderUid ?? ""] });
    expect(ofFolder.records).toEqual(records.filter(({ folderUid }) => folderUid === wanted.folderUid));
    online();
    await rm("cache.dat");
    await getSecrets(device, [wanted.recordUid]);
    offline();
    const [only, ...others] = (await getSecrets(device, [wanted.recordUid])).records;
    expect([only?.recordUid, others]).toEqual([wanted.recordUid, []]);
    await expect(getSecrets(device)).rejects.toThrow("Cached value does not exist");
  });

  it("replaces a link that somebody planted, and neither reads nor writes what it leads to", async () => {
    await writeFile("victim", "precious");
    await symlink("victim", "cache.dat");
    const secrets = await getSecrets(device);
    expect((await lstat("cache.dat")).isFile()).toBe(true);
    expect(await readFile("victim", "utf8")).toBe("precious");
    await rename("cache.dat", "victim");
    await symlink("victim", "cache.dat");
    offline();
    await expect(getSecrets(device)).rejects.toThrow("Cached value does not exist");
    await rename("victim", "cache.dat");
    expect(await getSecrets(device)).toEqual(secrets);
  });

  it("reports a directory where others may replace its file", async () => {
    await chmod(folder, 0o777);
    const problems: string[] = [];
    await getSecrets({ ...device, onProblem: ({ message }) => void problems.push(message) });
    expect(problems).toEqual([expect.stringContaining("Others may replace files")]);
    expect(await readdir(".")).toEqual(["cache.dat"]);
  });

  it("survives writes: their answers are not kept, and they fail offline", async () => {
    const secrets = await getSecrets(device);
    const record = secrets.records.find(({ data }) => data.title === "Web shop")!;
    await updateSecret(device, record);
    offline();
    expect((await getSecrets(device)).records).toHaveLength(secrets.records.length);
    await expect(updateSecret(device, record)).rejects.toThrow("connect ECONNREFUSED");
  });

  it("has nothing at first, and says so in the official words", async () => {
    await getSecrets({ ...device, queryFunction: postFunction });
    offline();
    await expect(getSecrets(device)).rejects.toThrow(/^Cached value does not exist$/);
  });

  it("does not hide certificate errors and refusals, and forgets on a denial", async () => {
    await getSecrets(device);
    offline("SELF_SIGNED_CERT_IN_CHAIN");
    await expect(getSecrets(device)).rejects.toThrow("SELF_SIGNED_CERT_IN_CHAIN");
    platform.post = async () => ({
      statusCode: 403,
      headers: {},
      data: Buffer.from('{"error":"access_denied"}'),
    });
    await expect(getSecrets(device)).rejects.toThrow("access_denied");
    offline();
    await expect(getSecrets(device)).rejects.toThrow("Cached value does not exist");
  });

  describe("removes all that is stored for a client when any of its reads is denied", () => {
    const reads: Record<string, (uid: string) => Promise<unknown>> = {
      "of everything": () => getSecrets(device),
      "of one record": (uid) => getSecrets(device, [uid]),
      "of another record": () => getSecrets(device, ["another"]),
      "with links": () => getSecrets2(device, { requestLinks: true }),
      "of a folder": () => getSecrets2(device, { foldersFilter: ["folder"] }),
      "of folders": () => getFolders(device),
    };
    for (const [what, denied] of Object.entries(reads)) {
      it(`a read ${what}`, async () => {
        const { records } = await getSecrets(device);
        const uid = records[0]?.recordUid ?? "";
        await getSecrets(device, [uid]);
        await getFolders(device);
        platform.post = async () => ({
          statusCode: 403,
          headers: {},
          data: Buffer.from('{"result_code":"access_denied"}'),
        });
        await expect(denied(uid)).rejects.toThrow("access_denied");
        offline();
        for (const read of [
          () => getSecrets(device),
          () => getSecrets(device, [uid]),
          () => getFolders(device),
        ]) {
          await expect(read()).rejects.toThrow("Cached value does not exist");
        }
      });
    }

    it.each([
      ["a read with status 400", 400, () => getSecrets(device)],
      ["a write", 403, () => deleteSecret(device, ["R".repeat(22)])],
    ])("%s", async (_what, statusCode, denied) => {
      await getSecrets(device);
      platform.post = async () => ({
        statusCode,
        headers: {},
        data: Buffer.from('{"result_code":"access_denied"}'),
      });
      await expect(denied()).rejects.toThrow("access_denied");
      offline();
      await expect(getSecrets(device)).rejects.toThrow("Cached value does not exist");
    });

    it("and nothing of another client of the same application", async () => {
      const sibling = { ...(await newDevice(sdks.ours, vault, 1)), queryFunction: cachingPostFunction };
      await getSecrets({ ...sibling, queryFunction: vaultQuery(vault) });
      await getSecrets(device);
      const { records } = await getSecrets(sibling);
      platform.post = async () => ({
        statusCode: 403,
        headers: {},
        data: Buffer.from('{"error":"access_denied"}'),
      });
      await expect(getSecrets(device)).rejects.toThrow("access_denied");
      offline();
      expect((await getSecrets(sibling)).records).toHaveLength(records.length);
      await expect(getSecrets(device)).rejects.toThrow("Cached value does not exist");
    });
  });

  it("opens nothing without the application key, and nothing of another application", async () => {
    await getSecrets(device);
    const bytes = await readFile("cache.dat");
    const { entries } = JSON.parse(bytes.toString()) as { entries: Record<string, string> };
    expect(Object.keys(entries)).toHaveLength(1);
    const key = bytes.subarray(0, 32);
    await expect(platform.decryptWithKey(bytes.subarray(32), key)).rejects.toThrow("unable to authenticate");
    const other = { ...(await newDevice(sdks.ours, vault, 1)), queryFunction: cachingPostFunction };
    await getSecrets({ ...other, queryFunction: vaultQuery(vault) });
    const stranger = {
      ...other,
      storage: sdks.ours.inMemoryStorage({ ...other.config, appKey: "B".repeat(43) }),
    };
    offline();
    await expect(getSecrets(stranger)).rejects.toThrow("Cached value does not exist");
  });

  it("keeps 50 answers at most", async () => {
    const { records } = await getSecrets(device);
    for (let i = 0; i < 60; i++) await getSecrets(device, [records[0]?.recordUid ?? "", String(i)]);
    const { entries } = JSON.parse(await readFile("cache.dat", "utf8")) as { entries: object };
    expect(Object.keys(entries)).toHaveLength(50);
  });

  it("answers from what the official package left behind", async () => {
    const { records } = await getSecrets({ ...device, queryFunction: vaultQuery(vault) });
    const key = Buffer.alloc(32, 7);
    let body = new Uint8Array();
    const query = vaultQuery(vault);
    await getSecrets({
      ...device,
      queryFunction: async (url, transmissionKey, payload) => {
        const answer = await query(url, transmissionKey, payload);
        const text = await platform.decryptWithKey(answer.data, transmissionKey.key);
        body = new Uint8Array(await platform.encryptWithKey(text, key));
        return answer;
      },
    });
    await writeFile("cache.dat", Buffer.concat([key, body]));
    offline();
    expect((await getSecrets(device)).records).toHaveLength(records.length);
    await writeFile(
      "cache.dat",
      Buffer.concat([key, await platform.encryptWithKey(Buffer.from('{"folders":null}'), key)]),
    );
    await expect(getSecrets(device)).rejects.toThrow("Cached value does not exist");
  });

  it("answers the call even where the answer cannot be kept, and tells", async () => {
    await writeFile("cache.dat", "");
    const problems: Error[] = [];
    await rm("cache.dat");
    const { mkdir } = await import("node:fs/promises");
    await mkdir("cache.dat");
    const { records } = await getSecrets({ ...device, onProblem: (problem) => problems.push(problem) });
    expect(records.length).toBeGreaterThan(5);
    expect(problems.length).toBeGreaterThan(0);
  });
});
