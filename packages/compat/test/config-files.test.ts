/** Configuration files: written by either package, opened by the other. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localConfigStorage } from "../src/index.ts";
import { outcome } from "./support/outcome.ts";
import { sdks, startLocalVault, vaultQuery } from "./support/sdks.ts";

let vault: Vault;
let folder = "";
const names = ["official", "ours"] as const;

beforeAll(async () => {
  vault = await startLocalVault();
  folder = await mkdtemp(join(tmpdir(), "ksm-compat-"));
  sdks.official.initialize("17.5.0");
});
afterAll(() => Promise.all([vault.close(), rm(folder, { recursive: true })]));

describe("localConfigStorage", () => {
  it.each(names)("a file that %s binds is the other's, too", async (name) => {
    const other = name === "ours" ? "official" : "ours";
    const path = join(folder, `${name}.json`);
    const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
    const rest = { queryFunction: vaultQuery(vault), serverPublicKey, serverPublicKeyId };
    const storage = sdks[name].localConfigStorage(path);
    await sdks[name].initializeStorage(storage, oneTimeTokens[name === "ours" ? 0 : 1] ?? "", hostname);
    // Prepared by one, bound by the other, used by both.
    const bound = await sdks[other].getSecrets({ storage: sdks[other].localConfigStorage(path), ...rest });
    const again = await sdks[name].getSecrets({ storage: sdks[name].localConfigStorage(path), ...rest });
    expect(again.records.map(({ recordUid }) => recordUid)).toEqual(
      bound.records.map(({ recordUid }) => recordUid),
    );
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe("600");
    const config = JSON.parse(await readFile(path, "utf8")) as object;
    expect(Object.keys(config).toSorted()).toEqual(
      [
        "appKey",
        "appOwnerPublicKey",
        "clientId",
        "hostname",
        "privateKey",
        "serverPublicKey",
        "serverPublicKeyId",
      ].toSorted(),
    );
  });

  it("reads and writes values as the official one does", async () => {
    const ended = await Promise.all(
      names.map((name) =>
        outcome(async () => {
          const path = join(folder, `values-${name}.json`);
          const storage = sdks[name].localConfigStorage(path);
          const steps: unknown[] = [await storage.getString("a"), Object.keys(storage)];
          await storage.saveString("a", "b");
          await storage.saveBytes("bytes", new Uint8Array([1, 255]));
          await storage.delete("nobody");
          steps.push(await storage.getString("a"), await storage.getBytes("bytes"));
          await storage.delete("a");
          return [...steps, await storage.getString("a"), JSON.parse(await readFile(path, "utf8"))];
        }),
      ),
    );
    expect(ended[1]).toStrictEqual(ended[0]);
    expect(ended[1]).toHaveProperty("value");
  });

  it("without a name keeps values in memory", async () => {
    const storage = localConfigStorage();
    await storage.saveString("a", "b");
    expect(await storage.getString("a")).toBe("b");
    expect(await localConfigStorage().getString("a")).toBeUndefined();
  });

  it("never takes a damaged file for an empty one, nor overwrites it", async () => {
    const path = join(folder, "damaged.json");
    await writeFile(path, '{"appKey":"preci');
    const storage = localConfigStorage(path);
    await expect(storage.getString("appKey")).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNREADABLE" });
    await expect(storage.saveString("a", "b")).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNREADABLE" });
    expect(await readFile(path, "utf8")).toBe('{"appKey":"preci');
  });

  it("loses no value when several are saved at once", async () => {
    const path = join(folder, "together.json");
    const [first, second] = [localConfigStorage(path), localConfigStorage(path)];
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? first : second).saveString(`key${i}`, "v")),
    );
    expect(Object.keys(JSON.parse(await readFile(path, "utf8")) as object)).toHaveLength(10);
  });
});

describe("initializeStorage", () => {
  it("leaves a storage of the same token alone and refuses one of another", async () => {
    const { hostname, oneTimeTokens } = vault.ksm;
    const config: Record<string, string> = {};
    const storage = sdks.ours.inMemoryStorage(config);
    await sdks.ours.initializeStorage(storage, oneTimeTokens[2] ?? "", hostname);
    const before = { ...config };
    await sdks.ours.initializeStorage(storage, oneTimeTokens[2] ?? "", hostname);
    await expect(sdks.ours.initializeStorage(storage, oneTimeTokens[3] ?? "", hostname)).rejects.toThrow(
      `The storage is already initialized with a different client Id (${before["clientId"]})`,
    );
    expect(config).toEqual(before);
  });

  it("takes the tokens that programs are tested with", async () => {
    const key = "BK9w6TZFxE6nFNbMfIpULCup2a8xc6w2tUTABjxny7yFmxW0dAEojwC6j6zb5nTlmb1dAx8nwo3qF7RPYGmloRM";
    for (const [token, host] of [
      ["US:ONE_TIME_TOKEN"],
      ["eu:ONE_TIME_TOKEN"],
      ["my.host:AAAA"],
      ["ONE_TIME_TOKEN", "localhost:8443"],
      ["US:ONE_TIME_TOKEN:extra:segments"],
      [`il5:ONE_TIME_TOKEN:20:${key}`],
      ["IL5:ONE_TIME_TOKEN"],
    ]) {
      const made = await Promise.all(
        names.map(async (name) => {
          const config: Record<string, string> = {};
          await sdks[name].initializeStorage(sdks[name].inMemoryStorage(config), token ?? "", host);
          expect(config["privateKey"]).toHaveLength(184);
          return { ...config, privateKey: "" };
        }),
      );
      expect(made[1]).toEqual(made[0]);
    }
  });

  it("refuses malformed tokens before anything is stored, in the official words where there are any", async () => {
    const secret = "A".repeat(43);
    for (const [token, words] of [
      [secret, "The hostname must be present in the token or as a parameter"],
      [`IL5:${secret}:x:${"A".repeat(87)}`, "IL5 token: serverPublicKeyId 'x' must be a positive integer"],
      [`IL5:${secret}:1:short`, "IL5 token: serverPublicKey appears malformed"],
      [`IL5:${secret}:1:2:3`, "IL5 token has unexpected extra segments (5 parts, expected 2 or 4)"],
      ["US:", /its secret is empty/],
      [":AAAA", /neither a region nor a host name/],
    ] as const) {
      const config = {};
      await expect(sdks.ours.initializeStorage(sdks.ours.inMemoryStorage(config), token)).rejects.toThrow(
        words,
      );
      expect(config).toEqual({});
      if (typeof words !== "string") continue;
      await expect(sdks.official.initializeStorage(sdks.official.inMemoryStorage({}), token)).rejects.toThrow(
        words,
      );
    }
  });
});
